import { log } from "../../log.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { ForwardUpgradeInput } from "../call/call.ts";
import { outcomeRecorded } from "../record/record.ts";
import { isSession } from "../request/request-info.ts";
import { isWebSocketUpgrade } from "../request/subprotocols.ts";

/**
 * Refuses what the cluster may have begun already, so that it does not begin a second time: kubectl takes every answer to a
 * WebSocket's handshake but 101 for a server without WebSockets, and asks for the same command again over SPDY. A connection
 * that is cut ends it (client-go, remotecommand.NewFallbackExecutor). Yields what may be answered.
 */
export async function refuseOnce(input: ForwardUpgradeInput, refusal: Refusal): Promise<Refusal | null> {
  const { gateway, record, socket } = input;
  if (record.fate.kind === "not-sent" || !isRepeatedOverSpdy(input)) return refusal;
  const outcome = { result: "failure", message: refusal.message, httpStatus: null } as const;
  try {
    await outcomeRecorded(gateway, record, { stage: "complete", ...outcome });
  } catch (error) {
    log.error({ err: error, callId: record.callId }, "a session that was not opened could not be recorded");
  }
  socket.destroy();
  return null;
}

/** Whether kubectl would ask for the same session again over SPDY if it got an answer. */
export function isRepeatedOverSpdy({ request, call }: ForwardUpgradeInput): boolean {
  return isSession(call.info) && isWebSocketUpgrade(request);
}
