import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { log } from "../log.ts";
import type { ForwardableCall } from "./call.ts";
import type { CallRecord } from "./call-record.ts";
import { endConnection } from "./end-connection.ts";
import type { Gateway } from "./gateway.ts";
import { endReasonMessage, liveCallOf } from "./live-call-of.ts";
import type { EndReason } from "./live-calls.ts";
import { openUpgrade, type UpgradeAnswer } from "./open-upgrade.ts";
import { passRefusedUpgrade } from "./pass-refused-upgrade.ts";
import { notRecorded, recordOutcome, recordStart } from "./record.ts";
import { Refusal } from "./refusal.ts";
import { writeResponseHead } from "./response-head.ts";
import { createSessionWatch } from "./session-watch.ts";
import { runTunnel, type TunnelEnd } from "./tunnel.ts";
import { readUpgrade, upgradeHeaders } from "./upgrade-request.ts";
import { releasableHeaders } from "./upstream-headers.ts";
import { brokenUpstream, refuseAnswer } from "./upstream-refusals.ts";

interface ForwardUpgradeInput {
  gateway: Gateway;
  record: CallRecord;
  request: IncomingMessage;
  socket: Duplex;
  /** What the client sent right behind its head. */
  head: Buffer;
  call: ForwardableCall;
}

/**
 * Takes an upgrade to its cluster. The client gets its 101 once the start is on the record; then bytes pass both ways, watched,
 * until one side ends or access does; the end is on the record before the client's connection is closed.
 */
export async function forwardUpgrade(input: ForwardUpgradeInput): Promise<Refusal | null> {
  const { gateway, request, socket, call } = input;
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
    });
    if (answer.upgraded) return await runSession(input, answer, ending);
    const statusCode = answer.response.statusCode ?? 0;
    const refusal = refuseAnswer(statusCode, call.info, call.upstream) ?? refuseWithoutUpgrade(statusCode);
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
  { gateway, record, socket }: ForwardUpgradeInput,
  ending: SessionEnding,
  error: unknown,
): Promise<Refusal | null> {
  if (ending.reason !== null)
    return new Refusal("Forbidden", endReasonMessage("The session was not opened", ending.reason));
  if (!socket.destroyed) {
    log.warn(
      { err: error, callId: record.callId, cluster: record.cluster.name },
      "an upgrade to a cluster failed",
    );
    return brokenUpstream(error);
  }
  const message = "The client left before the session was opened.";
  await recordOutcome(gateway, record, { stage: "complete", result: "failure", message, httpStatus: null });
  return null;
}

async function runSession(
  input: ForwardUpgradeInput,
  answer: Extract<UpgradeAnswer, { upgraded: true }>,
  ending: SessionEnding,
): Promise<Refusal | null> {
  const { gateway, record, socket, call, request } = input;
  const upstreamSocket = answer.socket;
  upstreamSocket.on("error", () => upstreamSocket.destroy());
  const watch = createSessionWatch(gateway, call, answer.response);
  if (
    watch instanceof Refusal ||
    answer.response.headers.upgrade?.toLowerCase() !== request.headers.upgrade?.toLowerCase()
  ) {
    upstreamSocket.destroy();
    return watch instanceof Refusal
      ? watch
      : new Refusal("BadGateway", "The cluster changed to another protocol.");
  }
  const status = { httpStatus: 101 };
  try {
    await recordStart(gateway, { record, info: call.info }, { message: watch.startMessage, ...status });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session's start could not be recorded");
    upstreamSocket.destroy();
    return notRecorded();
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

/** What the cluster said last has been written; a client that was cut off gets no orderly end. */
function closeClient(socket: Duplex, end: TunnelEnd): void {
  if (end.kind === "cluster-ended") endConnection(socket, null);
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
