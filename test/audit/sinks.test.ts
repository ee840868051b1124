import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getRecordStatus } from "../../lib/audit/overview/record-status.ts";
import { type AuditPipeline, startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { entryRecorded } from "../../lib/audit/pipeline/recorder.ts";
import { troublesOf } from "../../lib/audit/pipeline/status.ts";
import type { AuditScope } from "../../lib/audit/query/scope.ts";
import { SinkRegistry } from "../../lib/audit/sinks/sink-registry.ts";
import { type RunningSinks, startSinks } from "../../lib/audit/sinks/start-sinks.ts";
import { generateEntries } from "../history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";

// A process as server.ts makes it: the pipeline and the sinks that read the record, of one registry.
let installation: TestInstallation;
let pipeline: AuditPipeline;
let sinks: RunningSinks;
const metrics = new Registry();
const scope = { kind: "all" } as AuditScope;
const PATIENT = { timeout: 30_000, interval: 50 };

beforeAll(async () => {
  installation = await createTestInstallation();
  const { config, pool, url } = installation;
  const registry = new SinkRegistry();
  pipeline = await startAuditPipeline({ config, pool, registry: metrics, sinks: registry });
  sinks = startSinks({ databaseUrl: url, scope, registry });
});
afterAll(async () => {
  await pipeline.drain();
  await sinks.stop();
  await installation.close();
});

const numbersReached = () => pipeline.status().sinks.map(({ name, cursors }) => [name, cursors[0]!.lastNo]);

test("every sink is in the status, the metrics and the console's record status, with its cursor and its lag", async () => {
  await expect.poll(numbersReached, PATIENT).toEqual([
    ["postgresql", null],
    ["numbers", 0],
  ]);
  const to = Date.now();
  for (const entry of generateEntries({ count: 25, from: to - 60_000, to, seed: 1 }))
    await entryRecorded(pipeline.recorder, entry);
  await expect.poll(numbersReached, PATIENT).toEqual([
    ["postgresql", 25],
    ["numbers", 25],
  ]);
  expect(troublesOf(pipeline.status())).toEqual([]);
  await expect
    .poll(async () => (await getRecordStatus({ scope, retentionDays: 0 })).record.sinks, PATIENT)
    .toEqual([
      {
        title: "PostgreSQL",
        health: "well",
        cursors: [{ surface: "Request Audit", lastNo: 25 }],
        lag: { records: 0, seconds: 0 },
      },
      {
        title: "the check of numbers",
        health: "well",
        cursors: [
          { surface: "Request Audit", lastNo: 25 },
          { surface: "Event History", lastNo: expect.any(Number) },
          { surface: "Pod Session Recordings", lastNo: 0 },
        ],
        lag: { records: 0, seconds: 0 },
      },
    ]);
  const text = await metrics.metrics();
  for (const sink of ["postgresql", "numbers"]) {
    expect(text).toContain(`kubewitness_audit_sink_number{sink="${sink}",surface="Request Audit"} 25`);
    expect(text).toContain(`kubewitness_audit_sink_failing{sink="${sink}"} 0`);
    expect(text).toContain(`kubewitness_audit_sink_lag_records{sink="${sink}"}`);
  }
});

test("a sink that does not get on is a trouble of the process, and the others are not", async () => {
  // Its cursor's table is locked, as a runaway statement would.
  const holder = await installation.pool.connect();
  await holder.query("BEGIN; LOCK TABLE audit_sink_cursor");
  const to = Date.now();
  for (const entry of generateEntries({ count: 5, from: to - 60_000, to, seed: 2 }))
    await entryRecorded(pipeline.recorder, entry);
  await expect.poll(() => numbersReached()[0], PATIENT).toEqual(["postgresql", 30]);
  await expect
    .poll(() => troublesOf(pipeline.status()), { ...PATIENT, timeout: 60_000 })
    .toEqual([
      expect.stringMatching(
        /^the check of numbers (does not get on|is behind); the oldest record has waited for \d+ s$/,
      ),
    ]);
  expect(pipeline.status().sinks).toMatchObject([
    { health: "well" },
    { health: expect.stringMatching(/late|failing/), lag: { records: expect.any(Number) } },
  ]);
  await holder.query("COMMIT");
  holder.release();
  await expect.poll(() => troublesOf(pipeline.status()), PATIENT).toEqual([]);
  await expect.poll(numbersReached, PATIENT).toEqual([
    ["postgresql", 30],
    ["numbers", 30],
  ]);
}, 120_000);
