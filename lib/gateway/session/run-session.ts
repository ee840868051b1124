import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../../log.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import { endConnection, FOR_CALLERS } from "../answer/end-connection.ts";
import { outliveFailedWrites } from "../answer/outlive-failed-writes.ts";
import { Refusal } from "../answer/refusal.ts";
import { writeResponseHead } from "../answer/response-head.ts";
import { releasableHeaders } from "../answer/upstream-headers.ts";
import type { ForwardUpgradeInput } from "../call/call.ts";
import { unrecorded, withoutAnswer } from "../record/outcome-refusals.ts";
import { outcomeRecorded, recordStart } from "../record/record.ts";
import { endWithLastWords, farewellOf } from "./last-words.ts";
import type { UpgradeAnswer } from "./open-upgrade.ts";
import { recordingOutcome, withoutRecording } from "./recording-outcome.ts";
import { isRepeatedOverSpdy, refuseOnce } from "./refuse-once.ts";
import type { SessionEnding } from "./session-ending.ts";
import { createSessionWatch, describeSessionEnd, type SessionWatch } from "./session-watch.ts";
import { runTunnel, type TunnelEnd } from "./tunnel.ts";

/** A session and its recording; null where it has none to have. */
interface SessionInput extends ForwardUpgradeInput {
  recording: SessionRecording | null;
}

type Upgraded = Extract<UpgradeAnswer, { upgraded: true }>;

/**
 * One session, from the cluster's 101 to its end: the start is on the record before the client gets its 101, the end before the client's
 * connection is closed. Yields a refusal where the client got no 101 and may be answered.
 */
export async function runSession(
  input: SessionInput,
  answer: Upgraded,
  ending: SessionEnding,
): Promise<Refusal | null> {
  const { socket: upstreamSocket, head, response } = answer;
  upstreamSocket.on("error", () => upstreamSocket.destroy());
  outliveFailedWrites(upstreamSocket);
  const watch = watchAsAgreed(input, answer);
  if (watch instanceof Refusal) {
    upstreamSocket.destroy();
    return refuseOnce(input, watch);
  }
  const { recording, record } = input;
  if (recording?.began) record.recordingId = recording.recordingId;
  if (!(await tryRecordStart(input, watch))) {
    record.recordingId = null;
    upstreamSocket.destroy();
    await refuseUnrecorded(input);
    return null;
  }
  if (!input.socket.destroyed) switchProtocols(input.socket, response);
  const end = await runTunnel({
    client: { socket: input.socket, head: input.head },
    cluster: { socket: upstreamSocket, head },
    observers: watch.observers,
    record: input.record,
    frames: watch.lastWords?.frames ?? null,
    signal: ending.signal,
  });
  const { given } = ending;
  const outcome = describeSessionEnd(watch, end, given);
  const farewell = farewellOf({ watch, end, given, query: input.call.target.query });
  if (farewell?.stream) recording?.output(farewell.stream, Buffer.from(farewell.text));
  const stored = recording?.end(outcome.exitCode ?? null);
  // Of what must be recorded the row says whether all of it was; others' recordings say it themselves.
  if (input.call.permit.recording.record === "required") await stored;
  const row = { ...outcome, message: withoutRecording(outcome.message, recording) };
  await recordEnd(input, row);
  await Promise.all([
    closeClient(input.socket, end, farewell?.frames ?? null),
    recording?.close(recordingOutcome(watch, { end, given, row: outcome, record })),
  ]);
  return null;
}

/** The watch of what the cluster's 101 agreed to; a refusal where that is not what was asked for, or cannot be watched. */
function watchAsAgreed(
  { gateway, record, request, call, recording }: SessionInput,
  { response }: Upgraded,
): SessionWatch | Refusal {
  if (response.headers.upgrade?.toLowerCase() !== request.headers.upgrade?.toLowerCase())
    return withoutAnswer(record, "the cluster changed to another protocol");
  return createSessionWatch(gateway, call, response, recording);
}

async function tryRecordStart(
  { gateway, record }: ForwardUpgradeInput,
  { startMessage: message }: SessionWatch,
): Promise<boolean> {
  try {
    await recordStart(gateway, record, { message, httpStatus: 101 });
    return true;
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session's start could not be recorded");
    return false;
  }
}

function switchProtocols(socket: Duplex, { rawHeaders, headers }: IncomingMessage): void {
  const upgrade = ["Connection", "Upgrade", "Upgrade", headers.upgrade ?? ""];
  writeResponseHead(socket, 101, "Switching Protocols", [...releasableHeaders(rawHeaders), ...upgrade]);
}

async function recordEnd(
  { gateway, record }: ForwardUpgradeInput,
  outcome: ReturnType<typeof describeSessionEnd>,
): Promise<void> {
  try {
    await outcomeRecorded(gateway, record, { stage: "end", ...outcome, httpStatus: 101 });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session's end could not be recorded");
  }
}

/** The session was opened and its start could not be recorded: its end is, as soon as there is anywhere to. */
async function refuseUnrecorded(input: ForwardUpgradeInput): Promise<void> {
  const { gateway, record, socket, answer } = input;
  const refusal = unrecorded(record);
  const outcome = { result: "failure", message: refusal.message, httpStatus: 101 } as const;
  try {
    await outcomeRecorded(gateway, record, { stage: "end", ...outcome });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "nor could its end");
  }
  if (isRepeatedOverSpdy(input)) socket.destroy();
  else answer(refusal);
}

/** What the cluster said last has been written. Whom the gateway cuts off is told why. */
async function closeClient(socket: Duplex, end: TunnelEnd, lastWords: Buffer | null): Promise<void> {
  if (end.kind === "cluster-ended") endConnection(socket, null, FOR_CALLERS);
  else await endWithLastWords(socket, lastWords);
}
