import { subscribeNotifications } from "../../db/notifications.ts";
import { announceExpiry } from "../../identity/revocation.ts";
import { log } from "../../log.ts";
import { ACCESS_CHANNEL } from "../announce.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import { installDecisionTable } from "./current.ts";
import { loadGrantRows, readAccessFingerprint } from "./load.ts";

const POLL_MS = 3_000;

export interface DecisionTableRefresh {
  stop(): Promise<void>;
}

/**
 * Loads the table that `decide` reads and keeps it fresh: at each change that is announced, and by a poll, since an announcement can be
 * lost. While the database is away the last table goes on: nothing can be granted or revoked meanwhile.
 */
export async function startDecisionTable({ pollMs = POLL_MS } = {}): Promise<DecisionTableRefresh> {
  const refresher = new Refresher();
  await refresher.reload();
  const reloadSoon = () => void refresher.reload().catch(report);
  const unsubscribe = subscribeNotifications(ACCESS_CHANNEL, {
    onNotification: reloadSoon,
    onConnected: reloadSoon,
  });
  const timer = setInterval(() => void refresher.poll().catch(report), pollMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      await refresher.settled().catch(() => {});
    },
  };
}

class Refresher {
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;
  #fingerprint = "";
  #rows: GrantRow[] = [];
  #checkedAt = Date.now();

  /** Reloads; calls that come while one waits to begin share it. */
  reload(): Promise<void> {
    this.#waiting ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#waiting = null;
        return this.#load();
      });
    this.#running = this.#waiting;
    return this.#waiting;
  }

  async poll(): Promise<void> {
    this.#announceExpired();
    if ((await readAccessFingerprint()) !== this.#fingerprint) await this.reload();
  }

  settled(): Promise<void> {
    return this.#running;
  }

  async #load(): Promise<void> {
    // First: a change after it makes the next poll look again.
    const fingerprint = await readAccessFingerprint();
    this.#rows = await loadGrantRows();
    installDecisionTable(compileDecisionTable(this.#rows));
    this.#fingerprint = fingerprint;
  }

  /** A grant that ends by the clock ends what runs by it, like one that is revoked. */
  #announceExpired(): void {
    const now = Date.now();
    for (const { grantId, expiresAt } of this.#rows) {
      const at = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
      if (at > this.#checkedAt && at <= now) announceExpiry({ kind: "grant", id: grantId });
    }
    this.#checkedAt = now;
  }
}

function report(error: unknown): void {
  log.warn({ err: error }, "roles and grants could not be read again; decisions go on with what is known");
}
