import { setImmediate as nextTurn } from "node:timers/promises";
import type { Actor } from "../../context.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import type { RevokedSubject } from "../../revocation/revocation.ts";
import { NO_SLOT, SlotSet, type Slotted } from "../../slot-set.ts";
import { Alarm } from "./alarm.ts";
import type { Caller } from "./caller.ts";
import { Coalesced } from "./coalesced.ts";
import { type CallerLookUp, lookUpCallers } from "./look-up-callers.ts";
import type { GatewayMetrics } from "./metrics.ts";

/**
 * Why the gateway itself ends a call. `changed`: what allowed it does so as another role, or as somebody else in the cluster; `expired`: the token; `lapsed`: what allowed the call, such as a grant with an end; `terminated`:
 * somebody ended the session, and said why; `unrecorded`: it must be recorded, and cannot be any more.
 */
export type EndReason =
  | "revoked"
  | "changed"
  | "expired"
  | "lapsed"
  | "draining"
  | "terminated"
  | "unrecorded";

export const END_MESSAGES: Record<EndReason, string> = {
  revoked: "access was revoked",
  changed: "the role that allowed it changed, and with it the identity in the cluster; begin again",
  expired: "the access token expired",
  lapsed: "access expired",
  draining: "the gateway is shutting down",
  terminated: "somebody ended it",
  unrecorded: "it must be recorded, and its recording cannot go on",
};

/** A call under way that ends when its caller's access does. */
export interface LiveCall {
  readonly caller: Caller;
  readonly clusterId: string;
  /** Milliseconds since the epoch, when it reached the gateway. */
  readonly startedAt: number;
  /** Until when it is allowed as it began, if nothing passes but time; milliseconds since the epoch. */
  readonly until: number;
  /** Ordinary calls end by themselves soon enough to wait for at shutdown; watches and sessions do not. */
  readonly longRunning: boolean;
  /** Asks again: `until` as of now; null where `actor` may not do this any more, "changed" where not as the same in the cluster. */
  stillAllowedUntil(actor: Actor): number | "changed" | null;
  end(reason: EndReason): void;
}

/** A call in the registry, and what is known of it since it was asked about last. */
export class HeldCall implements Slotted {
  readonly call: LiveCall;
  authenticated: AuthenticatedToken;
  until: number;
  slot = NO_SLOT;

  constructor(call: LiveCall) {
    this.call = call;
    this.authenticated = call.caller.authenticated;
    this.until = call.until;
  }

  get caller(): Caller {
    return this.call.caller;
  }
}

export interface LiveCallsOptions extends CallerLookUp {
  metrics: Pick<GatewayMetrics, "countSweep">;
  /** How often each call is asked about though nobody told of a change: notifications can be lost. */
  intervalMs?: number;
}

/** Of one change each call hears after `quietMs`; of a stream of changes once in `mostMs`. */
const PACE = { quietMs: 100, mostMs: 1_000 };
const INTERVAL_MS = 5_000;
/** For how long calls are asked about before others have their turn. */
const SLICE_MS = 5;

/**
 * The calls under way. Ends those whose caller lost the access that they began with: at once where it was taken by name, within moments
 * where rules or people changed, and by one timer where it ends with time.
 */
export class LiveCalls {
  readonly #held = new SlotSet<HeldCall>();
  readonly #options: LiveCallsOptions;
  readonly #policySweep = new Coalesced(() => this.#askOfAll(), PACE);
  readonly #callerSweep = new Coalesced(() => this.#lookUpAll(), PACE);
  readonly #alarm = new Alarm(() => this.#askOfDue());
  readonly #interval: NodeJS.Timeout;
  #changedAt = Number.NEGATIVE_INFINITY;
  #idle: (() => void)[] = [];

  constructor(options: LiveCallsOptions) {
    this.#options = options;
    this.#interval = setInterval(() => this.#sweepSoon(), options.intervalMs ?? INTERVAL_MS);
    this.#interval.unref();
  }

  get size(): number {
    return this.#held.size;
  }

  /** @returns what `remove` takes. */
  add(call: LiveCall): HeldCall {
    const held = new HeldCall(call);
    this.#held.add(held);
    this.#setAlarm(held);
    // What changed between its decision and now asked nobody of it.
    if (this.#changedAt >= call.startedAt) this.#sweepSoon();
    return held;
  }

  remove(held: HeldCall): void {
    this.#held.delete(held);
    if (this.#held.size === 0 && this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Ends what the revoked subject touches; a group or a person may still have access otherwise, so those are asked about. */
  revoke(subject: RevokedSubject): void {
    for (const { call } of this.#held.members()) {
      if (isTouched(call, subject)) this.#end(call, "revoked");
    }
    this.callersChanged();
  }

  /** What is allowed, or where, may be another now. */
  policyChanged(): void {
    this.#changedAt = Date.now();
    this.#policySweep.ask();
  }

  /** Whom tokens speak for, and their groups, may be others now. */
  callersChanged(): void {
    this.#changedAt = Date.now();
    this.#callerSweep.ask();
  }

  /** Ends long-running calls and waits for the others, at most `graceMs`, then ends those too. */
  async drain(graceMs: number): Promise<void> {
    clearInterval(this.#interval);
    this.#policySweep.stop();
    this.#callerSweep.stop();
    this.#alarm.stop();
    for (const { call } of this.#held.members()) if (call.longRunning) this.#end(call, "draining");
    if (this.#held.size === 0) return;
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.race([idle, delay(graceMs)]);
    for (const { call } of this.#held.members()) this.#end(call, "draining");
  }

  #sweepSoon(): void {
    this.#policySweep.ask();
    this.#callerSweep.ask();
  }

  /** From memory: it waits for nothing but its turn. */
  async #askOfAll(): Promise<void> {
    this.#options.metrics.countSweep("policy");
    let sliceEnd = performance.now() + SLICE_MS;
    for (const held of this.#held.members()) {
      this.#askOf(held);
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }

  async #lookUpAll(): Promise<void> {
    this.#options.metrics.countSweep("callers");
    await lookUpCallers(this.#held.members(), this.#options, (held, now) => {
      if (!this.#held.has(held) || now === held.authenticated) return;
      if (now === null) {
        this.#end(held.call, isOver(held.authenticated) ? "expired" : "revoked");
        return;
      }
      held.authenticated = now;
      this.#askOf(held);
    });
  }

  #askOfDue(): void {
    const now = Date.now();
    for (const held of this.#held.members()) {
      if (isOver(held.authenticated)) this.#end(held.call, "expired");
      else if (held.until <= now) this.#askOf(held);
      else this.#setAlarm(held);
    }
  }

  #askOf(held: HeldCall): void {
    if (!this.#held.has(held)) return;
    const { call } = held;
    let until: number | "changed" | null;
    try {
      until = call.stillAllowedUntil(held.authenticated.actor);
    } catch (error) {
      // A defect: what cannot be decided is not allowed.
      this.#options.onError(error);
      this.#end(call, "revoked");
      return;
    }
    // A sweep may come a moment before the alarm: its time is over all the same.
    if (until === null) this.#end(call, held.until <= Date.now() ? "lapsed" : "revoked");
    else if (until === "changed") this.#end(call, "changed");
    else {
      held.until = until;
      this.#setAlarm(held);
    }
  }

  /** One that cannot be ended is a defect, which keeps no other from its end. */
  #end(call: LiveCall, reason: EndReason): void {
    try {
      call.end(reason);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #setAlarm({ until, authenticated }: HeldCall): void {
    this.#alarm.setAtLatest(Math.min(until, authenticated.expiresAt.getTime()));
  }
}

function isOver({ expiresAt }: AuthenticatedToken): boolean {
  return expiresAt.getTime() <= Date.now();
}

function isTouched({ caller, clusterId }: LiveCall, { kind, id }: RevokedSubject): boolean {
  const { actor, tokenId } = caller.authenticated;
  switch (kind) {
    case "token":
      return tokenId === id;
    case "cluster":
      return clusterId === id;
    case "application":
      return actor.kind === "application" && actor.id === id;
    // `user` also tells of a lost group membership, `group` of a lost member: whether it matters is asked.
    case "user":
    case "group":
      return false;
    // A call comes with a token; those that were made in the session are told by themselves.
    case "session":
      return false;
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
