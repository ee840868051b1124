import type { Alert } from "../../../prisma/generated/client.ts";
import { type AuditQuery, prepareQuery, readQuery } from "../../audit/query/audit-query.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { SavedViewSurface } from "../../audit/views/schema.ts";
import { AppError } from "../../errors.ts";
import { SURFACES } from "../surfaces.ts";

/** What a filter's texts mean changes with what is known; times that are relative move on. */
const COUNTS_MS = 30_000;

interface Kept {
  key: string;
  preparedAt: number;
  query: AuditQuery | { problem: string };
}

/** The conditions of alerts, prepared: asked of the database anew only where it knows more names than it did, or after a while. */
export class ConditionCache {
  readonly #scope: AuditScope;
  #kept = new Map<string, Kept>();

  constructor(scope: AuditScope) {
    this.#scope = scope;
  }

  /** Of each alert its query, or why it has none. Forgets those of other alerts. */
  async prepare(
    run: RunSql,
    alerts: readonly Alert[],
  ): Promise<{ alert: Alert; query: AuditQuery | { problem: string } }[]> {
    const known = await newestName(run);
    const next = new Map<string, Kept>();
    for (const alert of alerts) {
      const key = JSON.stringify([known, alert.surface, alert.filter, alert.timeZone]);
      const kept = this.#kept.get(alert.id);
      const isFresh = kept?.key === key && Date.now() - kept.preparedAt < COUNTS_MS;
      next.set(
        alert.id,
        isFresh ? kept : { key, preparedAt: Date.now(), query: await this.#prepare(run, alert) },
      );
    }
    this.#kept = next;
    return alerts.map((alert) => ({ alert, query: next.get(alert.id)!.query }));
  }

  async #prepare(
    run: RunSql,
    { surface: name, filter, timeZone }: Alert,
  ): Promise<AuditQuery | { problem: string }> {
    const { surface } = SURFACES[SavedViewSurface.parse(name)];
    try {
      const read = readQuery(surface, { filter, timeZone, from: "now-1d", to: "now" });
      return await prepareQuery(run, { surface, scope: this.#scope, ...read });
    } catch (error) {
      if (error instanceof AppError && error.code === "invalid_argument") return { problem: error.message };
      throw error;
    }
  }
}

/** Interned texts are never changed, and their ids grow. */
async function newestName(run: RunSql): Promise<string> {
  const [row] = await run<{ known: string }>(
    `SELECT concat_ws('/', (SELECT max(id) FROM audit_dictionary), (SELECT max(id) FROM audit_actor),
       (SELECT max(id) FROM audit_cluster)) AS known`,
    [],
  );
  return row!.known;
}
