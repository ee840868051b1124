import type { Recorded } from "../../audit/pipeline/recorder.ts";
import { log } from "../../log.ts";
import type { OwnAnswer } from "../answer/own-answer.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { CallOutcome, CallRecord } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import { isMutation, isSession, type RequestInfo } from "../request/request-info.ts";
import { describeSession } from "../request/session-options.ts";
import { unrecorded } from "./outcome-refusals.ts";

/** What kubectl prints beside a cluster's answer (RFC 9111 §5.5, https://kubernetes.io/blog/2020/09/03/warnings/). */
export const LATE_RECORD =
  '299 kubewitness "done, and in the audit journal; the audit database takes the entry later (audit.sync is true)"';

/** The row of a call that the gateway itself answered. Yields what the client is told: that, or that nothing could be recorded. */
export async function recordAnswer(
  gateway: Gateway,
  call: Call,
  answer: Refusal | OwnAnswer,
): Promise<Refusal | OwnAnswer> {
  const outcome: CallOutcome = {
    stage: "complete",
    result: answer instanceof Refusal ? "failure" : "success",
    message: answer.message,
    httpStatus: answer.code,
  };
  const entry = call.record.entry(outcome);
  gateway.metrics.countCall(entry);
  try {
    await gateway.recorder.recordEntry(entry);
    return answer;
  } catch (error) {
    log.error(
      { err: error, callId: call.record.callId },
      "a call that the gateway answered could not be recorded",
    );
    return answer.code === 503 ? answer : unrecorded(call.record);
  }
}

/** Before a call that changes something, or a session, is forwarded: that it is about to be. */
export async function recordIntent(
  gateway: Gateway,
  { record }: Call,
  { info, query }: { info: RequestInfo; query: string },
): Promise<Refusal | null> {
  if (isSession(info)) record.body = describeSession(gateway.redactor, info, query).body;
  if (!isMutation(info)) return null;
  try {
    await gateway.recorder.recordIntent(
      record.entry({ stage: "start", result: "success", message: null, httpStatus: null }),
      record,
    );
    return null;
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "an intent could not be recorded");
    return unrecorded(record);
  }
}

/**
 * The start of a long-running call. Where the gateway is killed, its intent says later that it was interrupted; a change has one already, which
 * knows of no recording.
 */
export async function recordStart(
  gateway: Gateway,
  { record, info }: { record: CallRecord; info: RequestInfo },
  outcome: Pick<CallOutcome, "message" | "httpStatus">,
): Promise<void> {
  const entry = record.entry({ stage: "start", result: "success", ...outcome });
  await Promise.all([
    isMutation(info) && record.recordingId === null
      ? undefined
      : gateway.recorder.recordIntent(entry, record),
    gateway.recorder.recordEntry(entry, record),
  ]);
}

/** A row of a call that was forwarded; rejects where it is not durable. */
export async function recordOutcome(
  gateway: Gateway,
  record: CallRecord,
  outcome: CallOutcome,
): Promise<Recorded> {
  const entry = record.entry(outcome);
  if (entry.stage !== "start") gateway.metrics.countCall(entry);
  return await gateway.recorder.recordEntry(entry, record);
}
