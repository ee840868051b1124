import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../scripts/postgres/embedded-postgres.ts";
import type { Numbers, Row } from "./compare-rows.ts";
import { childrenOf } from "./processes.ts";

const STREAMS = { kube_request: "kube_request", audit_event: "audit_event", recording: "recording" };

/** A PostgreSQL of the installation's own, with fsync, that can be killed, held and away. */
export class TorturedPostgres {
  readonly url: string;
  readonly #directory: string;
  #server: EmbeddedPostgres;

  private constructor(directory: string, server: EmbeddedPostgres) {
    this.#directory = directory;
    this.#server = server;
    this.url = server.url;
  }

  static async start(directory: string): Promise<TorturedPostgres> {
    return new TorturedPostgres(directory, await startEmbeddedPostgres({ ...OPTIONS, directory }));
  }

  /** SIGKILL to its first process, which takes all others along. */
  async kill(): Promise<void> {
    process.kill(this.#postmaster(), "SIGKILL");
    await this.#server.exited;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** At the same address, after `kill` or `stop`. */
  async startAgain(): Promise<void> {
    const options = { ...OPTIONS, directory: this.#directory, restartOf: { port: this.#server.port } };
    for (let attempt = 1; ; attempt++) {
      try {
        this.#server = await startEmbeddedPostgres(options);
        return;
      } catch (error) {
        // A process of the killed one may still hold its memory.
        if (attempt === ATTEMPTS) throw error;
        await sleep(500);
      }
    }
  }

  /** Stops all of its processes where they are; yields what lets them go on. */
  async stall(): Promise<() => void> {
    const postmaster = this.#postmaster();
    const stopped = new Set<number>();
    const stop = (pid: number) => {
      if (stopped.has(pid)) return;
      if (signal(pid, "SIGSTOP")) stopped.add(pid);
    };
    stop(postmaster);
    for (const pid of await childrenOf(postmaster)) stop(pid);
    return () => {
      for (const pid of stopped) signal(pid, "SIGCONT");
    };
  }

  /** Keeps the writers from numbering any call; yields what lets them. One row alone: two would be locked in another order than theirs. */
  async holdLedger(): Promise<() => Promise<void>> {
    const client = await this.#connect();
    await client.query("BEGIN; SELECT 1 FROM audit_ledger WHERE stream = 'kube_request' FOR UPDATE");
    return () => client.end();
  }

  async lastNumbers(): Promise<Map<string, number>> {
    const { rows } = await this.query<{ stream: string; last: string }>(
      "SELECT stream, last_no AS last FROM audit_ledger WHERE ledger_id = 0",
    );
    return new Map(rows.map(({ stream, last }) => [stream, Number(last)]));
  }

  async numbersSince(before: ReadonlyMap<string, number>): Promise<Numbers[]> {
    const last = await this.lastNumbers();
    return Promise.all(
      Object.entries(STREAMS).map(async ([stream, table]): Promise<Numbers> => {
        const since = before.get(stream) ?? 0;
        const { rows } = await this.query<{ rows: number; distinct: number }>(
          `SELECT count(*)::int AS rows, count(DISTINCT no)::int AS distinct FROM ${table} WHERE no > $1 AND ledger_id = 0`,
          [since],
        );
        return { stream, before: since, last: last.get(stream) ?? 0, ...rows[0]! };
      }),
    );
  }

  /** The rows of Request Audit after a number. */
  async rowsSince(no: number): Promise<Row[]> {
    const { rows } = await this.query<Row>(
      `SELECT no::int AS no, call_id AS "callId", stage, http_status AS "httpStatus" FROM kube_request WHERE no > $1`,
      [no],
    );
    return rows;
  }

  async query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>> {
    const client = await this.#connect();
    try {
      return await client.query<R>(text, values);
    } finally {
      await client.end();
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  #postmaster(): number {
    return Number(readFileSync(path.join(this.#directory, "pgdata/postmaster.pid"), "utf8").split("\n")[0]);
  }
}

const OPTIONS = { database: "torture", durable: true };
const ATTEMPTS = 10;

/** Whether there was such a process. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
