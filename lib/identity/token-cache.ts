import { LRUCache } from "lru-cache";
import { AppError } from "../errors.ts";
import { log } from "../log.ts";
import type { RevokedSubject } from "../revocation/revocation.ts";
import type { AuthenticatedToken } from "./actor/authenticated-token.ts";

/** How long an answer counts before the database is asked again: the bound on a revocation whose NOTIFY was lost. */
export const CONFIRMED_FOR_MS = 10_000;
/** From this age on the database is asked in the background, so that a token in use never waits for it. */
const REFRESH_AFTER_MS = CONFIRMED_FOR_MS / 2;
/** A token that does not count is asked for again after this. */
const UNKNOWN_FOR_MS = 2_000;
/**
 * While the database cannot be asked, nothing can be revoked either, and calls go on: a token that was good goes on for this long.
 */
export const OUTAGE_GRACE_MS = 15 * 60_000;
/** While the database is away, it is asked about a token this often. */
const RETRY_AFTER_MS = 2_000;
const MOST_TOKENS = 20_000;

interface Entry {
  owner: AuthenticatedToken;
  confirmedAt: number;
  refreshing: Promise<AuthenticatedToken | null> | null;
  /** When the database was asked last in vain; null while it answers. */
  failedAt: number | null;
  /** It may be another one by now: it counts once it was asked for again. */
  isDoubted: boolean;
}

interface Asked {
  /** The token's hash in base64. */
  key: string;
  from: string | null;
}

export interface TokenCacheOptions {
  /** `from`: the address that it is used from, where that is known. */
  find(hash: Uint8Array, from: string | null): Promise<AuthenticatedToken | null>;
  now?: () => number;
}

/** Answers who a token's hash speaks for, from memory where it may. */
export class TokenCache {
  readonly #known = new LRUCache<string, Entry>({ max: MOST_TOKENS });
  // Apart, so that a flood of wrong tokens does not push out the right ones.
  readonly #unknown = new LRUCache<string, number>({ max: MOST_TOKENS });
  readonly #asking = new Map<string, Promise<AuthenticatedToken | null>>();
  /** Grows with every revocation: an answer that was asked for before one may be older than it, and is not kept. */
  #revocations = 0;
  readonly #find: TokenCacheOptions["find"];
  readonly #now: () => number;

  /** `now`: by a clock that is never set back, as what it says is compared with what it said. */
  constructor({ find, now = () => performance.now() }: TokenCacheOptions) {
    this.#find = find;
    this.#now = now;
  }

  /** Whether a token counted when it was asked for last. `key`: its hash in base64. */
  knows(key: string): boolean {
    return this.#known.has(key);
  }

  /** Who a token speaks for, where nothing has to be waited for; null where `get` is to be asked. */
  find(key: string, from: string | null = null): AuthenticatedToken | null {
    const entry = this.#known.get(key);
    if (entry === undefined) return null;
    if (!entry.isDoubted && this.#now() - entry.confirmedAt < REFRESH_AFTER_MS) return entry.owner;
    return this.#confirm({ key, from }, entry) === null ? entry.owner : null;
  }

  async get(key: string, from: string | null = null): Promise<AuthenticatedToken | null> {
    const entry = this.#known.get(key);
    if (entry) return this.#confirm({ key, from }, entry) ?? entry.owner;
    const refusedAt = this.#unknown.get(key);
    if (refusedAt !== undefined && this.#now() - refusedAt < UNKNOWN_FOR_MS) return null;
    return this.#ask({ key, from });
  }

  /** Asks the database again where it is time for that; the answer where it must be waited for, else null. */
  #confirm(asked: Asked, entry: Entry): Promise<AuthenticatedToken | null> | null {
    const now = this.#now();
    const age = now - entry.confirmedAt;
    if (!entry.isDoubted && age < REFRESH_AFTER_MS) return null;
    const graced = entry.failedAt !== null && age < OUTAGE_GRACE_MS;
    if (graced && now - (entry.failedAt ?? 0) < RETRY_AFTER_MS) return null;
    entry.refreshing ??= this.#refresh(asked, entry);
    // Where nobody waits for it. The first failure is waited for; until the grace ends, later calls do not wait for the next.
    entry.refreshing.catch(() => {});
    const isOld = entry.isDoubted || age >= CONFIRMED_FOR_MS;
    return isOld && !graced ? entry.refreshing : null;
  }

  async #refresh(asked: Asked, entry: Entry): Promise<AuthenticatedToken | null> {
    try {
      return await this.#ask(asked);
    } catch (error) {
      if (entry.failedAt === null) {
        const tokenId = entry.owner.tokenId;
        log.warn({ err: error, tokenId }, "a token cannot be confirmed; it goes on for a while");
      }
      entry.failedAt = this.#now();
      if (entry.failedAt - entry.confirmedAt < OUTAGE_GRACE_MS) return entry.owner;
      this.#known.delete(asked.key);
      throw error;
    } finally {
      entry.refreshing = null;
    }
  }

  /** One question at a time for each token. */
  #ask(asked: Asked): Promise<AuthenticatedToken | null> {
    const { key } = asked;
    const running = this.#asking.get(key);
    if (running) return running;
    const asking = this.#askDatabase(asked).finally(() => {
      if (this.#asking.get(key) === asking) this.#asking.delete(key);
    });
    this.#asking.set(key, asking);
    return asking;
  }

  async #askDatabase({ key, from }: Asked): Promise<AuthenticatedToken | null> {
    const askedAt = this.#now();
    const revocations = this.#revocations;
    const hash = Buffer.from(key, "base64");
    const owner = await this.#find(hash, from).catch((cause: unknown) => {
      throw new AppError("unavailable", "Who you are cannot be checked: the database is away. Try again.", {
        cause,
      });
    });
    if (revocations !== this.#revocations) return owner;
    this.#known.delete(key);
    if (owner)
      this.#known.set(key, {
        owner,
        confirmedAt: askedAt,
        refreshing: null,
        failedAt: null,
        isDoubted: false,
      });
    else this.#unknown.set(key, askedAt);
    return owner;
  }

  /** Drops what the subject touches. */
  forget({ kind, id }: RevokedSubject): void {
    this.#revocations += 1;
    this.#unknown.clear();
    this.#asking.clear();
    for (const [key, { owner }] of this.#known.entries()) {
      if (isTouched(owner, { kind, id })) this.#known.delete(key);
    }
  }

  /**
   * Everybody may be somebody else by now, and whether is not known: nobody counts before the database was asked. Where that is away again, whoever was good goes on
   * for the rest of the grace, as if it had been away all the time.
   */
  doubtAll(): void {
    this.#revocations += 1;
    this.#unknown.clear();
    this.#asking.clear();
    for (const entry of this.#known.values()) {
      entry.isDoubted = true;
      entry.failedAt = null;
      entry.refreshing = null;
    }
  }

  /** Forgets all of them: what counted may not count any more. */
  clear(): void {
    this.#revocations += 1;
    this.#known.clear();
    this.#unknown.clear();
    this.#asking.clear();
  }
}

function isTouched({ actor, tokenId, terminal }: AuthenticatedToken, { kind, id }: RevokedSubject): boolean {
  if (kind === "token") return tokenId === id;
  if (kind === "session") return terminal?.sessionId === id;
  // Somebody left it, or it is no more: whoever is known to be in it is asked for again.
  if (kind === "group") return actor.kind === "user" && actor.groupIds.includes(id);
  return actor.kind === kind && actor.id === id;
}
