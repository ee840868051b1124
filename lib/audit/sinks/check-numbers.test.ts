import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { storeRecordings } from "../../../test/audit/store-recordings.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { generateRecordings } from "../../../test/history/generate-recordings.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import type { AuditScope } from "../query/scope.ts";
import { createDictionary } from "../store/dictionary.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { registerSinkMetrics } from "./sink-metrics.ts";
import { SinkRegistry } from "./sink-registry.ts";
import { type RunningSinks, startSinks } from "./start-sinks.ts";

let db: TestInstallation;
let sinks: RunningSinks;
const registry = new SinkRegistry();
const PATIENT = { timeout: 40_000, interval: 50 };
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  db = await createTestInstallation();
  sinks = startSinks({ databaseUrl: db.url, scope: { kind: "all" } as AuditScope, registry });
});
afterAll(async () => {
  await sinks.stop();
  await db.close();
});

const status = () => registry.statuses()[0]!;
const entries = (count: number) => {
  const to = Date.now();
  return [...generateEntries({ count, from: to - 60_000, to, seed: count })];
};
const tables = () => ({ pool: db.pool, dictionary: createDictionary(db.pool) });

test("numbers with their rows are passed over; ones without are an event that names them, and a trouble", async () => {
  await expect.poll(() => status().cursors.every(({ lastNo }) => lastNo !== null), PATIENT).toBe(true);
  await storeBatch(tables(), { entries: entries(40) });
  const before = await lastEventNo(db);
  await expect
    .poll(() => status(), PATIENT)
    .toMatchObject({
      name: "numbers",
      health: "well",
      reason: null,
      cursors: [
        { surface: "Request Audit", lastNo: 40 },
        { surface: "Event History", lastNo: before },
        { surface: "Pod Session Recordings", lastNo: 0 },
      ],
    });
  expect(await lastEventNo(db)).toBe(before);

  await storeBatch(tables(), {
    entries: entries(10),
    // Gone with the commit: nobody could have counted them.
    inTransaction: async (run) => void (await run("DELETE FROM kube_request WHERE no IN (43, 44, 47)", [])),
  });
  await expect
    .poll(() => status().reason, PATIENT)
    .toBe("since the start, 3 numbers had no row: Event History says which");
  expect(status().health).toBe("failing");
  const told = (await readEvents(db, before)).filter(
    ({ entityName }) => entityName === "Numbers without a row",
  );
  expect(told).toMatchObject([
    {
      entityType: "RequestAudit",
      status: "Failed",
      error: expect.stringContaining("Request Audit gave 3 numbers that have no row: 43 to 44, 47."),
    },
  ]);
});

test("a recording without its row is missed as well", async () => {
  const before = await lastEventNo(db);
  const to = Date.now();
  await storeRecordings(db.pool, generateRecordings({ count: 4, from: to - 60_000, to, seed: 1 }), {
    inTransaction: async (run) => void (await run("DELETE FROM recording WHERE no = 2", [])),
  });
  await expect
    .poll(() => status().cursors[2], PATIENT)
    .toEqual({ surface: "Pod Session Recordings", lastNo: 4 });
  const told = (await readEvents(db, before)).filter(({ entityType }) => entityType === "Recording");
  expect(told).toMatchObject([
    {
      entityName: "Numbers without a row",
      error: expect.stringContaining("Pod Session Recordings gave a number that has no row: 2."),
    },
  ]);
});

test("a gap is told once where the cursor could not move at first", async () => {
  const before = await lastEventNo(db);
  // A sequence counts on where a transaction is rolled back.
  await db.pool.query(`
    CREATE SEQUENCE tries;
    CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF nextval('tries') <= 2 THEN RAISE 'no room'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER fail_twice BEFORE UPDATE ON audit_sink_cursor FOR EACH ROW
      WHEN (NEW.stream = 'kube_request' AND NEW.last_no >= 60) EXECUTE FUNCTION fail_twice()`);
  await storeBatch(tables(), {
    entries: entries(10),
    inTransaction: async (run) => void (await run("DELETE FROM kube_request WHERE no IN (55, 56)", [])),
  });
  await expect.poll(() => status().cursors[0]!.lastNo, PATIENT).toBe(60);
  const told = (await readEvents(db, before)).filter(
    ({ entityName }) => entityName === "Numbers without a row",
  );
  expect(told).toMatchObject([{ error: expect.stringContaining("2 numbers that have no row: 55 to 56.") }]);
  await expect
    .poll(() => status().reason, PATIENT)
    .toBe("since the start, 6 numbers had no row: Event History says which");
  const { rows } = await db.pool.query("SELECT last_value FROM tries");
  expect(Number(rows[0].last_value)).toBeGreaterThan(2);
});

test("each sink has its metrics", async () => {
  const metrics = new Registry();
  registerSinkMetrics(metrics, () => registry.statuses());
  await expect
    .poll(() => metrics.metrics(), PATIENT)
    .toContain('kubewitness_audit_sink_number{sink="numbers",surface="Request Audit"} 60');
  const text = await metrics.metrics();
  expect(text).toContain('kubewitness_audit_sink_failing{sink="numbers"} 1');
  expect(text).toMatch(/kubewitness_audit_sink_lag_records\{sink="numbers"\} \d/);
  expect(text).toMatch(/kubewitness_audit_sink_lag_seconds\{sink="numbers"\} \d/);
});
