import { carriedBy } from "../../clusters/transports/carried.ts";
import { log } from "../../log.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ForwardUpgradeInput } from "../call/call.ts";
import { answered, UNKNOWN } from "../call/fate.ts";
import { liveCallOf } from "../call/live-call-of.ts";
import { brokenUpstream, loggedFailure, refuseAnswer } from "../forward/upstream-refusals.ts";
import { withoutAnswer } from "../record/outcome-refusals.ts";
import { outcomeRecorded } from "../record/record.ts";
import { beginRecording } from "./begin-recording.ts";
import { endOnRequest } from "./end-on-request.ts";
import { openUpgrade } from "./open-upgrade.ts";
import { passRefusedUpgrade } from "./pass-refused-upgrade.ts";
import { refuseOnce } from "./refuse-once.ts";
import { runSession } from "./run-session.ts";
import { SessionEnding } from "./session-ending.ts";
import { readUpgrade, upgradeHeaders } from "./upgrade-request.ts";

/**
 * Takes an upgrade to its cluster. The client gets its 101 once the start is on the record; then bytes pass both ways, watched,
 * until one side ends or access does; the end is on the record before the client's connection is closed. What must be recorded begins only
 * where it can be.
 */
export async function forwardUpgrade(input: ForwardUpgradeInput): Promise<Refusal | null> {
  const { gateway, record, request, socket, call } = input;
  const protocol = readUpgrade(request, call.info);
  if (protocol instanceof Refusal) return protocol;

  const ending = new SessionEnding();
  let recording: SessionRecording | null = null;
  let listenNoMore = () => {};
  const live = liveCallOf(input, { longRunning: true, end: (reason) => ending.end(reason) });
  const onClose = () => ending.abort();
  const held = gateway.liveCalls.add(live);
  socket.on("close", onClose);
  if (socket.destroyed) ending.abort();
  try {
    const begun = await beginRecording(input, () => ending.end("unrecorded"));
    if (begun instanceof Refusal) return begun;
    recording = begun;
    listenNoMore = endOnRequest(gateway, recording, ending);
    const answer = await openUpgrade({
      upstream: call.upstream,
      method: request.method ?? "GET",
      path: call.target.path + call.target.query,
      headers: upgradeHeaders(request, call, protocol),
      carrierTag: call.permit.agentTag,
      signal: ending.signal,
      onSent: (connection) => {
        record.fate = UNKNOWN;
        record.carried = carriedBy(connection);
      },
    });
    const statusCode = answer.response.statusCode ?? 0;
    record.fate = answered(statusCode);
    if (answer.upgraded) return await runSession({ ...input, recording }, answer, ending);
    const refusal =
      refuseAnswer(statusCode, call.info, call.upstream, { mayRedirect: false }) ??
      refuseWithoutUpgrade(statusCode);
    if (refusal !== null) {
      answer.response.destroy();
      return refusal;
    }
    await passRefusedUpgrade(input, answer.response);
    return null;
  } catch (error) {
    return await explainFailure(input, ending, error);
  } finally {
    listenNoMore();
    if (record.recordingId === null) recording?.discard();
    socket.off("close", onClose);
    gateway.liveCalls.remove(held);
  }
}

/** What an upgrade asked for is watched and recorded as a session; an ordinary answer in its place would pass without either. */
function refuseWithoutUpgrade(statusCode: number): Refusal | null {
  if (statusCode >= 300) return null;
  return new Refusal(
    "BadGateway",
    `The cluster answered without the upgrade (${statusCode}), which is not passed on. Ask without the Upgrade header, or let what stands before the cluster pass upgrades.`,
  );
}

/** No answer: the client left, access ended, or the cluster cannot be reached. */
async function explainFailure(
  input: ForwardUpgradeInput,
  ending: SessionEnding,
  error: unknown,
): Promise<Refusal | null> {
  const { gateway, record, socket } = input;
  if (ending.given !== null) {
    if (record.fate.kind !== "not-sent")
      return refuseOnce(input, withoutAnswer(record, ending.given.message));
    return new Refusal("Forbidden", `The session was not opened: ${ending.given.message}`);
  }
  if (!socket.destroyed) {
    log.warn({ ...loggedFailure(error), ...record.logged }, "an upgrade to a cluster failed");
    return refuseOnce(input, brokenUpstream(error, record));
  }
  const begun = record.fate.kind === "not-sent" ? "" : " What it was to run may have begun.";
  const message = `The client left before the session was opened.${begun}`;
  await outcomeRecorded(gateway, record, { stage: "complete", result: "failure", message, httpStatus: null });
  return null;
}
