import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../../log.ts";
import { endConnection, FOR_CALLERS } from "../answer/end-connection.ts";
import { outliveFailedWrites } from "../answer/outlive-failed-writes.ts";
import { Refusal } from "../answer/refusal.ts";
import { writeResponseHead } from "../answer/response-head.ts";
import { releasableHeaders } from "../answer/upstream-headers.ts";
import type { ForwardableCall } from "../call/call.ts";
import type { CallRecord } from "../call/call-record.ts";
import { answered, UNKNOWN } from "../call/fate.ts";
import type { Gateway } from "../call/gateway.ts";
import { endReasonMessage, liveCallOf } from "../call/live-call-of.ts";
import { END_MESSAGES, type EndReason } from "../call/live-calls.ts";
import { brokenUpstream, refuseAnswer } from "../forward/upstream-refusals.ts";
import { unrecorded, withoutAnswer } from "../record/outcome-refusals.ts";
import { recordOutcome, recordStart } from "../record/record.ts";
import { isSession } from "../request/request-info.ts";
import { isWebSocketUpgrade } from "../request/subprotocols.ts";
import { openUpgrade, type UpgradeAnswer } from "./open-upgrade.ts";
import { passRefusedUpgrade } from "./pass-refused-upgrade.ts";
import { createSessionWatch, type SessionWatch } from "./session-watch.ts";
import { runTunnel, type TunnelEnd } from "./tunnel.ts";
import { readUpgrade, upgradeHeaders } from "./upgrade-request.ts";

interface ForwardUpgradeInput {
  gateway: Gateway;
  record: CallRecord;
  request: IncomingMessage;
  socket: Duplex;
  /** What the client sent right behind its head. */
  head: Buffer;
  call: ForwardableCall;
  /** Answers at once: of what could not be recorded there is no second row. */
  answer(refusal: Refusal): void;
}

/**
 * Takes an upgrade to its cluster. The client gets its 101 once the start is on the record; then bytes pass both ways, watched,
 * until one side ends or access does; the end is on the record before the client's connection is closed.
 */
export async function forwardUpgrade(input: ForwardUpgradeInput): Promise<Refusal | null> {
  const { gateway, record, request, socket, call } = input;
  const protocol = readUpgrade(request, call.info);
  if (protocol instanceof Refusal) return protocol;

  const ending = new SessionEnding();
  const live = liveCallOf(input, { longRunning: true, end: (reason) => ending.end(reason) });
  const onClose = () => ending.abort();
  gateway.liveCalls.add(live);
  socket.on("close", onClose);
  if (socket.destroyed) ending.abort();
  try {
    const answer = await openUpgrade({
      upstream: call.upstream,
      method: request.method ?? "GET",
      path: call.target.path + call.target.query,
      headers: upgradeHeaders(request, call, protocol),
      signal: ending.signal,
      onSent: () => {
        record.fate = UNKNOWN;
      },
    });
    const statusCode = answer.response.statusCode ?? 0;
    record.fate = answered(statusCode);
    if (answer.upgraded) return await runSession(input, answer, ending);
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
    socket.off("close", onClose);
    gateway.liveCalls.remove(live);
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
  if (ending.reason !== null) {
    if (record.fate.kind !== "not-sent")
      return refuseOnce(input, withoutAnswer(record, END_MESSAGES[ending.reason]));
    return new Refusal("Forbidden", endReasonMessage("The session was not opened", ending.reason));
  }
  if (!socket.destroyed) {
    log.warn({ err: error, ...record.logged }, "an upgrade to a cluster failed");
    return refuseOnce(input, brokenUpstream(error, record));
  }
  const begun = record.fate.kind === "not-sent" ? "" : " What it was to run may have begun.";
  const message = `The client left before the session was opened.${begun}`;
  await recordOutcome(gateway, record, { stage: "complete", result: "failure", message, httpStatus: null });
  return null;
}

/**
 * Refuses what the cluster may have begun already, so that it does not begin a second time: kubectl takes every answer to a
 * WebSocket's handshake but 101 for a server without WebSockets, and asks for the same command again over SPDY. A connection
 * that is cut ends it (client-go, remotecommand.NewFallbackExecutor). Yields what may be answered.
 */
async function refuseOnce(input: ForwardUpgradeInput, refusal: Refusal): Promise<Refusal | null> {
  const { gateway, record, socket } = input;
  if (record.fate.kind === "not-sent" || !isRepeatedOverSpdy(input)) return refusal;
  const outcome = { result: "failure", message: refusal.message, httpStatus: null } as const;
  try {
    await recordOutcome(gateway, record, { stage: "complete", ...outcome });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session that was not opened could not be recorded");
  }
  socket.destroy();
  return null;
}

function isRepeatedOverSpdy({ request, call }: ForwardUpgradeInput): boolean {
  return isSession(call.info) && isWebSocketUpgrade(request);
}

async function runSession(
  input: ForwardUpgradeInput,
  answer: Extract<UpgradeAnswer, { upgraded: true }>,
  ending: SessionEnding,
): Promise<Refusal | null> {
  const { gateway, record, socket, call } = input;
  const upstreamSocket = answer.socket;
  upstreamSocket.on("error", () => upstreamSocket.destroy());
  outliveFailedWrites(upstreamSocket);
  const watch = watchAsAgreed(input, answer);
  if (watch instanceof Refusal) {
    upstreamSocket.destroy();
    return refuseOnce(input, watch);
  }
  const status = { httpStatus: 101 };
  try {
    await recordStart(gateway, { record, info: call.info }, { message: watch.startMessage, ...status });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session's start could not be recorded");
    upstreamSocket.destroy();
    await refuseUnrecorded(input);
    return null;
  }
  if (!socket.destroyed) {
    const headers = releasableHeaders(answer.response.rawHeaders);
    const upgrade = answer.response.headers.upgrade ?? "";
    writeResponseHead(socket, 101, "Switching Protocols", [
      ...headers,
      "Connection",
      "Upgrade",
      "Upgrade",
      upgrade,
    ]);
  }
  const end = await runTunnel({
    client: { socket, head: input.head },
    cluster: { socket: upstreamSocket, head: answer.head },
    inspector: watch.inspector,
    record,
    signal: ending.signal,
  });
  try {
    await recordOutcome(gateway, record, {
      stage: "end",
      ...watch.describeEnd(end, ending.reason),
      ...status,
    });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session's end could not be recorded");
  }
  closeClient(socket, end);
  return null;
}

/** The watch of what the cluster's 101 agreed to; a refusal where that is not what was asked for, or cannot be watched. */
function watchAsAgreed(
  { gateway, record, request, call }: ForwardUpgradeInput,
  { response }: Extract<UpgradeAnswer, { upgraded: true }>,
): SessionWatch | Refusal {
  if (response.headers.upgrade?.toLowerCase() !== request.headers.upgrade?.toLowerCase())
    return withoutAnswer(record, "the cluster changed to another protocol");
  return createSessionWatch(gateway, call, response);
}

/** The session was opened and its start could not be recorded: its end is, as soon as there is anywhere to. */
async function refuseUnrecorded(input: ForwardUpgradeInput): Promise<void> {
  const { gateway, record, socket, answer } = input;
  const refusal = unrecorded(record);
  const outcome = { result: "failure", message: refusal.message, httpStatus: 101 } as const;
  try {
    await recordOutcome(gateway, record, { stage: "end", ...outcome });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "nor could its end");
  }
  if (isRepeatedOverSpdy(input)) socket.destroy();
  else answer(refusal);
}

/** What the cluster said last has been written; a client that was cut off gets no orderly end. */
function closeClient(socket: Duplex, end: TunnelEnd): void {
  if (end.kind === "cluster-ended") endConnection(socket, null, FOR_CALLERS);
  else socket.destroy();
}

/** One signal for everything that ends a session from outside, and which of them it was. */
class SessionEnding {
  reason: EndReason | null = null;
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(reason: EndReason): void {
    this.reason ??= reason;
    this.#controller.abort();
  }

  abort(): void {
    this.#controller.abort();
  }
}
