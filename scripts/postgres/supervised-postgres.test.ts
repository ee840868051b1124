import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type SupervisedPostgres, startSupervisedPostgres } from "./supervised-postgres.ts";

vi.setConfig({ testTimeout: 120_000 });
let directory: string;
let postgres: SupervisedPostgres;
let reported: string[];

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-supervised-"));
  chmodSync(directory, 0o711);
  reported = [];
  postgres = await startSupervisedPostgres({ directory, database: "app", durable: true }, (line) =>
    reported.push(line),
  );
});
afterEach(async () => {
  await postgres.stop();
  rmSync(directory, { recursive: true });
});

const query = async (text: string) => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

const kill = () => {
  const [pid] = readFileSync(path.join(directory, "pgdata/postmaster.pid"), "utf8").split("\n");
  process.kill(Number(pid), "SIGKILL");
};

it("starts a PostgreSQL that was killed again, at the same address, with what was committed and a log that goes on", async () => {
  await query("create table kept as select 42 as answer");
  kill();
  await vi.waitFor(() => expect(reported.at(-1)).toBe("PostgreSQL runs again."), 30_000);
  expect(await query("select answer from kept")).toEqual([{ answer: 42 }]);
  expect(reported[0]).toBe(
    `PostgreSQL ended by itself: starting it again. What it said is at the end of ${postgres.logFile}.`,
  );
  expect(readFileSync(postgres.logFile, "utf8").match(/starting PostgreSQL/g)).toHaveLength(2);
});

it("says why it cannot start it again, and tries until it can", async () => {
  const control = path.join(directory, "pgdata/global/pg_control");
  renameSync(control, `${control}.away`);
  kill();
  await vi.waitFor(
    () => expect(reported).toContainEqual(expect.stringMatching(/trying again in 2 s$/)),
    30_000,
  );
  expect(reported.at(-1)).toContain(`PostgreSQL did not start; the end of ${postgres.logFile}:`);
  renameSync(`${control}.away`, control);
  await vi.waitFor(() => expect(reported.at(-1)).toBe("PostgreSQL runs again."), 30_000);
  expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
});

it("stops while it waits to try again", async () => {
  rmSync(path.join(directory, "pgdata/global/pg_control"));
  kill();
  await vi.waitFor(() => expect(reported.at(-1)).toMatch(/trying again in \d+ s$/), 30_000);
  await postgres.stop();
  const said = reported.length;
  await expect(query("select 1")).rejects.toThrow("ECONNREFUSED");
  expect(reported).toHaveLength(said);
});

it("does not start again what was stopped", async () => {
  await postgres.stop();
  await expect(query("select 1")).rejects.toThrow("ECONNREFUSED");
  expect(reported).toEqual([]);
});
