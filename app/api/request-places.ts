import type { Context } from "../../lib/context.ts";
import { networkOf } from "../../lib/http/ip-address.ts";
import { WaitingRoom } from "../../lib/limits/waiting-room.ts";
import { processState } from "../../lib/process-state.ts";

/** A page asks for six things at once; who opens ten pages waits a little, and keeps nobody else waiting. */
const places = processState(
  "api/request-places",
  () =>
    new WaitingRoom({
      what: "requests",
      most: 64,
      mostOfKey: 12,
      mostWaitingOfKey: 100,
      waitMs: 10_000,
    }),
);

/** Waits until a request may be worked on; see `WaitingRoom`. Who is not known is told apart by their address. */
export function takeRequestPlace(ctx: Context, signal: AbortSignal): Promise<() => void> {
  return places.enter(callerOf(ctx), signal);
}

/** A person or an application, else the network that asks. */
export function callerOf({ actor, sourceIp }: Context): string {
  return actor.kind === "user" || actor.kind === "application" ? actor.id : networkOf(sourceIp);
}
