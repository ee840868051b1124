import { randomUUID } from "node:crypto";
import type pg from "pg";
import { LEDGER_ID, type LedgerStream } from "../store/ledger.ts";
import type { RunSql } from "../store/sql.ts";

/** A process that says nothing for so long has lost its lease, and another goes on. */
const LEASE_SECONDS = 8;

/** Another process reads for the sink by now: what was delivered, that one delivers again. */
export class LeaseLostError extends Error {}

/** The last number that a sink has, of one stream, kept in PostgreSQL, with a lease: of all replicas one at a time reads for the sink. */
export class SinkCursor {
  readonly #pool: pg.Pool;
  readonly #key: readonly [sink: string, ledgerId: number, stream: LedgerStream];
  readonly #owner = randomUUID();

  constructor(pool: pg.Pool, sink: string, stream: LedgerStream) {
    this.#pool = pool;
    this.#key = [sink, LEDGER_ID, stream];
  }

  /** Takes the lease, or renews it. `leased` false: another process has it. A new sink begins at the record's end. */
  async take(): Promise<{ lastNo: number; leased: boolean }> {
    const known = (await this.#lease()) ?? (await this.#look());
    if (known) return known;
    await this.#begin();
    const begun = (await this.#lease()) ?? (await this.#look());
    if (!begun) throw new Error(`audit_sink_cursor has no row of ${this.#key.join(", ")}`);
    return begun;
  }

  /** The sink has everything up to `to`. Renews the lease. `run`: in the transaction that it is to be part of. @throws LeaseLostError */
  async advance(run: RunSql, { from, to }: { from: number; to: number }): Promise<void> {
    const advanced = await run(
      `UPDATE audit_sink_cursor SET last_no = $6, lease_until = now() + make_interval(secs => $5), updated_at = now()
       WHERE sink = $1 AND ledger_id = $2 AND stream = $3 AND lease_owner = $4 AND last_no = $7 RETURNING 1`,
      [...this.#key, this.#owner, LEASE_SECONDS, to, from],
    );
    if (advanced.length !== 1) throw new LeaseLostError(`${this.#key[0]}: another process reads for it`);
  }

  /** Lets another process go on at once. */
  async release(): Promise<void> {
    await this.#pool.query(
      `UPDATE audit_sink_cursor SET lease_owner = NULL, lease_until = NULL
       WHERE sink = $1 AND ledger_id = $2 AND stream = $3 AND lease_owner = $4`,
      [...this.#key, this.#owner],
    );
  }

  async #begin(): Promise<void> {
    await this.#pool.query(
      `INSERT INTO audit_sink_cursor (sink, ledger_id, stream, last_no)
       SELECT $1, ledger_id, stream, last_no FROM audit_ledger WHERE ledger_id = $2 AND stream = $3 ON CONFLICT DO NOTHING`,
      [...this.#key],
    );
  }

  async #lease(): Promise<{ lastNo: number; leased: true } | null> {
    const { rows } = await this.#pool.query<{ lastNo: number }>(
      `UPDATE audit_sink_cursor SET lease_owner = $4, lease_until = now() + make_interval(secs => $5)
       WHERE sink = $1 AND ledger_id = $2 AND stream = $3 AND (lease_owner IS NULL OR lease_owner = $4 OR lease_until < now())
       RETURNING last_no AS "lastNo"`,
      [...this.#key, this.#owner, LEASE_SECONDS],
    );
    return rows[0] ? { lastNo: rows[0].lastNo, leased: true } : null;
  }

  async #look(): Promise<{ lastNo: number; leased: false } | null> {
    const { rows } = await this.#pool.query<{ lastNo: number }>(
      `SELECT last_no AS "lastNo" FROM audit_sink_cursor WHERE sink = $1 AND ledger_id = $2 AND stream = $3`,
      [...this.#key],
    );
    return rows[0] ? { lastNo: rows[0].lastNo, leased: false } : null;
  }
}
