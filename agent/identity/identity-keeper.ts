import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { JoinToken } from "../../lib/tunnels/protocol/join-token.ts";
import { AgentError } from "../agent-error.ts";
import { errorText, type Log } from "../log.ts";
import type { Settings } from "../settings/settings.ts";
import type { Identity, Kept } from "./identity.ts";
import { hashOf, join } from "./join.ts";
import { renew } from "./renew.ts";
import type { State } from "./state/state.ts";

/** For whom somebody else's claim is to be over: a join or a renewal takes seconds. */
const CLAIM_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;
const RETRY_RENEWAL_MS = 30_000;
const TIMEOUT_MS = 20_000;

type Read = Awaited<ReturnType<State["read"]>>;

/** Gets the agent its identity, once, and keeps it good. Processes that share the state take turns: who changes it claims it before. */
export class IdentityKeeper {
  readonly #settings: Settings;
  readonly #state: State;
  readonly #log: Log;
  readonly #own = randomUUID();

  constructor({ settings, state, log }: { settings: Settings; state: State; log: Log }) {
    this.#settings = settings;
    this.#state = state;
    this.#log = log;
  }

  /** The identity that is kept, after joining where there is none. @throws AgentError. */
  async establish(signal: AbortSignal): Promise<Identity> {
    const { joinToken } = this.#settings;
    for (;;) {
      const { kept, version } = await this.#state.read();
      const { identity } = kept;
      const isNew = joinToken !== null && hashOf(joinToken) !== identity?.joinedWith;
      if (identity !== null && !isNew) return identity;
      if (joinToken === null) throw this.#notJoined();
      const joined = await this.#joinAnew(joinToken, { kept, version }, signal);
      if (joined === null) {
        await wait(LOOK_AGAIN_MS, undefined, { signal });
        continue;
      }
      if (joined === identity) return joined;
      const { agentId, name, cluster, expiresAt } = joined;
      this.#log.info({ agentId, name, cluster, expiresAt }, "joined");
      return joined;
    }
  }

  /** The identity as it is kept now: another process may have renewed it. @throws AgentError. */
  async current(): Promise<Identity> {
    const { identity } = (await this.#state.read()).kept;
    if (identity === null) throw this.#notJoined();
    return identity;
  }

  /** @returns null where another process joins just now; the identity that there was where the token is refused. */
  async #joinAnew(token: JoinToken, { kept, version }: Read, signal: AbortSignal): Promise<Identity | null> {
    try {
      return await this.#inTurn(kept, version, signal, (limit) => join(this.#settings, token, limit));
    } catch (error) {
      if (kept.identity === null || !(error instanceof AgentError && error.final)) throw error;
      const { name, cluster } = kept.identity;
      this.#log.error(
        { error: error.message, name, cluster },
        "the join token is not the one that this agent joined with, and was refused: it goes on as the agent that it is",
      );
      return kept.identity;
    }
  }

  /** Renews the certificate whenever it is time, until the signal. */
  async keepRenewed(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = await this.#renewIfDue(signal).catch((error) => {
        if (!signal.aborted)
          this.#log.warn({ error: errorText(error) }, "the certificate was not renewed; it is tried again");
        return RETRY_RENEWAL_MS;
      });
      // Not all agents at once, should they all have been renewed at once.
      await wait(pause * (1 + Math.random() / 10), undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns how long nothing is to be done, milliseconds. */
  async #renewIfDue(signal: AbortSignal): Promise<number> {
    const { kept, version } = await this.#state.read();
    const { identity } = kept;
    if (identity === null) return LOOK_AGAIN_MS;
    const due = Date.parse(identity.renewAfter) - Date.now();
    if (due > 0) return Math.min(due, LONGEST_WAIT_MS);
    const renewed = await this.#inTurn(kept, version, signal, (limit) =>
      renew(this.#settings.gateway, identity, limit),
    );
    if (renewed !== null) this.#log.info({ expiresAt: renewed.expiresAt }, "certificate renewed");
    return LOOK_AGAIN_MS;
  }

  /** Claims the state, does the work and keeps what comes of it. @returns null where it is somebody else's turn. */
  async #inTurn(
    kept: Kept,
    version: string,
    signal: AbortSignal,
    work: (limit: AbortSignal) => Promise<Identity>,
  ): Promise<Identity | null> {
    const { claim, identity: before } = kept;
    if (claim !== null && claim.by !== this.#own && claim.until > Date.now()) return null;
    const mine = { by: this.#own, until: Date.now() + CLAIM_MS };
    if (!(await this.#state.write({ identity: before, claim: mine }, version))) return null;
    const claimed = (await this.#state.read()).version;
    try {
      const identity = await work(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
      await this.#keep({ identity, claim: null }, claimed);
      return identity;
    } catch (error) {
      await this.#state.write({ identity: before, claim: null }, claimed).catch(() => undefined);
      throw error;
    }
  }

  /** What the gateway has given once must not be lost to a place that cannot be written just now. */
  async #keep(kept: Kept, version: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        if (await this.#state.write(kept, version)) return;
        throw new AgentError(
          `${this.#state.place} was written by another process meanwhile: is it one agent's alone?`,
        );
      } catch (error) {
        if (tries === 5) throw error;
        this.#log.warn({ error: errorText(error) }, "the certificate could not be kept; it is tried again");
        await wait(tries * LOOK_AGAIN_MS);
      }
    }
  }

  #notJoined(): AgentError {
    return new AgentError(
      `KUBEWITNESS_JOIN_TOKEN is not set, and ${this.#state.place} has no certificate: make a join token on the page Agents`,
      { final: true },
    );
  }
}
