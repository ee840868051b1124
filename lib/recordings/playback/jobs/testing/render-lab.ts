import { createTestInstallation, type TestInstallation } from "../../../../../test/installation.ts";
import { auditScope } from "../../../../access/permission.ts";
import { onPostgres, type RunSql } from "../../../../audit/store/sql.ts";
import { type ConsoleRole, type Context, systemContext } from "../../../../context.ts";
import type { RecordedSession } from "../../../recorded-session.ts";
import { openStore, type RecordingStore } from "../../../store/recording-store.ts";
import { record } from "../../../store/testing/store.ts";
import { type RenderWork, renderJob } from "../render-job.ts";
import { claimRender, type RenderJob } from "../render-queue.ts";

/** What sessions of these tests show. */
export const SHOWN = ["/ # ", "mysql -phunter2\r\n", "welcome to größe\r\n/ # ", "exit\r\n"];

/** An installation whose recordings are prepared by the test itself. */
export interface RenderLab {
  installation: TestInstallation;
  store: RecordingStore;
  run: RunSql;
  work: RenderWork;
  /** Records a session and prepares it. */
  prepared(shown?: readonly string[]): Promise<RecordedSession>;
  prepareAll(): Promise<void>;
  /** Takes the job of a recording; others that are there are done first. */
  claimOf(session: RecordedSession): Promise<RenderJob>;
  rowsOf<Row extends object>(table: string, session: RecordedSession): Promise<Row[]>;
  close(): Promise<void>;
}

export async function createRenderLab(): Promise<RenderLab> {
  const installation = await createTestInstallation();
  const { config, url, pool } = installation;
  const store = openStore({ ...config, database: { ...config.database, url } });
  const run = onPostgres(pool);
  const work: RenderWork = { pool, config, redactPatterns: [/hunter\d/] };
  const claimOf = async ({ recordingId }: RecordedSession) => {
    for (let job = await claimRender(run); job; job = await claimRender(run)) {
      if (job.recordingId === recordingId) return job;
      await renderJob(work, job);
    }
    throw new Error("its job is not there to be taken");
  };
  const prepareAll = async () => {
    for (let job = await claimRender(run); job; job = await claimRender(run)) await renderJob(work, job);
  };
  return {
    ...{ installation, store, run, work, claimOf, prepareAll },
    prepared: async (shown = SHOWN) => {
      const { session } = await record(store, shown);
      await prepareAll();
      return session;
    },
    rowsOf: async <Row extends object>(table: string, { recordingId }: RecordedSession) =>
      (await pool.query<Row>(`SELECT * FROM ${table} WHERE recording_id = $1`, [recordingId])).rows,
    close: async () => {
      await store.stop();
      await installation.close();
    },
  };
}

let people = 0;
/** Somebody new each time, with that role in the console. */
export function person(consoleRole: ConsoleRole): Context {
  const id = `00000000-0000-4000-8000-${String(++people).padStart(12, "0")}`;
  const who = { id, name: "Bob", email: "bob@acme.example", groups: [], groupIds: [] };
  return { ...systemContext("test"), actor: { kind: "user", ...who, consoleRole } };
}

/** What a person asks of a session's recording. */
export const asking = (ctx: Context, { recordingId: id }: RecordedSession) => {
  return { ctx, scope: auditScope(ctx), input: { id } };
};
