import type { RevokedSubject } from "../../identity/revocation.ts";

/** Why the gateway itself ends a call. */
export type EndReason = "revoked" | "expired" | "draining";

export const END_MESSAGES: Record<EndReason, string> = {
  revoked: "access was revoked",
  expired: "the access token expired",
  draining: "the gateway is shutting down",
};

/** A call under way that ends when its caller's access does. */
export interface LiveCall {
  actorKind: string;
  actorId: string;
  tokenId: string;
  grantId: string;
  clusterId: string;
  /** Whether the caller may still do this as it began: the token counts, and the same role allows it with the same groups. */
  isStillAllowed(): Promise<boolean>;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Ordinary calls end by themselves soon enough to wait for at shutdown; watches and sessions do not. */
  longRunning: boolean;
  end(reason: EndReason): void;
}

/** How often every call under way is looked at: expiry, time-bound grants, and whatever no notification told. */
const SWEEP_INTERVAL_MS = 2000;

/** The calls under way. Ends those whose caller lost the access that they began with. */
export class LiveCalls {
  readonly #calls = new Set<LiveCall>();
  readonly #timer: NodeJS.Timeout;
  readonly #onError: (error: unknown) => void;
  #idle: (() => void)[] = [];

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#timer = setInterval(() => void this.#sweep(), SWEEP_INTERVAL_MS);
    this.#timer.unref();
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: LiveCall): void {
    this.#calls.add(call);
  }

  remove(call: LiveCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Ends what the revoked subject touches; a group or a person may still have access otherwise, so those are asked again. */
  revoke(subject: RevokedSubject): void {
    for (const call of this.#calls) {
      if (isTouched(call, subject)) call.end("revoked");
    }
    void this.#sweep();
  }

  /** Ends long-running calls and waits for the others, at most `graceMs`, then ends those too. */
  async drain(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    for (const call of this.#calls) if (call.longRunning) call.end("draining");
    if (this.#calls.size === 0) return;
    const idle = new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.race([idle, delay(graceMs)]);
    for (const call of this.#calls) call.end("draining");
  }

  async #sweep(): Promise<void> {
    const now = Date.now();
    for (const call of [...this.#calls]) {
      if (call.expiresAt <= now) {
        call.end("expired");
        continue;
      }
      try {
        if (!(await call.isStillAllowed()) && this.#calls.has(call)) call.end("revoked");
      } catch (error) {
        // The database is away: what was allowed a moment ago stays so until it can be asked, as new calls do.
        this.#onError(error);
      }
    }
  }
}

function isTouched(call: LiveCall, { kind, id }: RevokedSubject): boolean {
  switch (kind) {
    case "token":
      return call.tokenId === id;
    case "grant":
      return call.grantId === id;
    case "cluster":
      return call.clusterId === id;
    case "application":
      return call.actorKind === "application" && call.actorId === id;
    // `user` also tells of a lost group membership, `group` of a lost member: isStillAllowed knows whether it matters.
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
