import {
  entryRecorded,
  type Intent,
  intentRecorded,
  type RecordDone,
  type Recorded,
} from "../../audit/pipeline/recorder.ts";
import { log } from "../../log.ts";
import type { OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { CallOutcome, CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import { isMutation, isSession, type RequestInfo } from "../request/request-info.ts";
import { describeSession } from "../request/session-options.ts";
import { unrecorded } from "./outcome-refusals.ts";

/** What kubectl prints beside a cluster's answer (RFC 9111 §5.5, https://kubernetes.io/blog/2020/09/03/warnings/). */
export const LATE_RECORD =
  '299 kubewitness "done, and in the audit journal; the audit database takes the entry later (audit.sync is true)"';

/** The row of a call that the gateway itself answered. `tell` is given what the client is told: that, or that nothing could be recorded. */
export function recordAnswer(
  gateway: Gateway,
  { record }: Pick<Call, "record">,
  answer: Refusal | OwnAnswer,
  tell: (answer: Refusal | OwnAnswer) => void,
): void {
  const entry = record.entry({
    stage: "complete",
    result: answer instanceof Refusal ? "failure" : "success",
    message: answer.message,
    httpStatus: answer.code,
  });
  gateway.metrics.countCall(entry);
  gateway.recorder.recordEntry(entry, undefined, (result) => {
    if (!(result instanceof Error)) {
      tell(answer);
      return;
    }
    log.error(
      { err: result, callId: record.callId },
      "a call that the gateway answered could not be recorded",
    );
    tell(answer.code === 503 ? answer : unrecorded(record));
  });
}

const ABOUT_TO_BE: CallOutcome = { stage: "start", result: "success", message: null, httpStatus: null };

/**
 * Before a call is forwarded: that it is about to be. What changes something, and sessions, wait until that is on the disk; of any other the
 * recorder waits for it with the outcome.
 */
export function recordIntent(
  gateway: Gateway,
  { record }: Pick<Call, "record">,
  { info, query }: { info: RequestInfo; query: string },
): Soon<Refusal | null> {
  if (isSession(info)) record.body = describeSession(gateway.redactor, info, query).body;
  let intent: Intent;
  try {
    intent = gateway.recorder.recordIntent(record.entry(ABOUT_TO_BE), record);
  } catch (error) {
    return unintended(record, error);
  }
  if (intent.isDurable || !isMutation(info)) return null;
  return new Promise((resolve) =>
    intent.whenDurable((error) => resolve(error === null ? null : unintended(record, error))),
  );
}

function unintended(record: CallRecord, error: unknown): Refusal {
  log.error({ err: error, callId: record.callId }, "an intent could not be recorded");
  return unrecorded(record);
}

/** The start of a long-running call. Where the gateway is killed, its intent says later that it was interrupted; the one that it has knows of no recording. */
export async function recordStart(
  gateway: Gateway,
  record: CallRecord,
  outcome: Pick<CallOutcome, "message" | "httpStatus">,
): Promise<void> {
  const entry = record.entry({ stage: "start", result: "success", ...outcome });
  await Promise.all([
    record.recordingId === null ? undefined : intentRecorded(gateway.recorder, entry, record),
    entryRecorded(gateway.recorder, entry, record),
  ]);
}

/** A row of a call that was forwarded. `done` is told when it may be taken for recorded, or why it is not. */
export function recordOutcome(
  gateway: Gateway,
  record: CallRecord,
  outcome: CallOutcome,
  done: RecordDone,
): void {
  const entry = record.entry(outcome);
  if (entry.stage !== "start") gateway.metrics.countCall(entry);
  gateway.recorder.recordEntry(entry, record, done);
}

/** The same as a promise, for sessions; rejects where it is not recorded. */
export function outcomeRecorded(
  gateway: Gateway,
  record: CallRecord,
  outcome: CallOutcome,
): Promise<Recorded> {
  return new Promise((resolve, reject) =>
    recordOutcome(gateway, record, outcome, (result) =>
      result instanceof Error ? reject(result) : resolve(result),
    ),
  );
}
