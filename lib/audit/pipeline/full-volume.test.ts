import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";

// Volumes of 3 MiB that are really full, in a mount namespace of their own.

let db: TestDatabase;
let data: string;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "kubewitness-volume-"));
  await db.pool.query("TRUNCATE kube_request, audit_event, audit_event_body");
  await db.pool.query("UPDATE audit_ledger SET last_no = 0");
});
afterEach(() => rm(data, { recursive: true }));

const canMount = spawnSync("unshare", ["-rm", "true"]).status === 0;
const PROGRAM = path.resolve(import.meta.dirname, "../../../test/pipeline/full-volume.ts");

/** Runs the program for each step, one after the other on the same volume, and yields what each said. */
async function onSmallVolume(...steps: string[]): Promise<Record<string, unknown>[]> {
  const runs = steps.map((step) => `"$1" "$2" "$3" "$0" ${step}`).join("; ");
  const script = `mount -t tmpfs -o size=3m tmpfs "$0" && { ${runs}; }`;
  const child = spawn("unshare", ["-rm", "sh", "-c", script, data, process.execPath, PROGRAM, db.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  await once(child, "close");
  return output
    .split("\n")
    .filter((line) => line.startsWith('{"admittedAtStart"'))
    .map((line) => JSON.parse(line));
}

async function stored(callIds: unknown): Promise<number> {
  const { rows } = await db.pool.query(
    "SELECT count(DISTINCT call_id)::int AS count FROM kube_request WHERE call_id = ANY ($1)",
    [callIds],
  );
  return rows[0].count;
}

async function expectEveryCallOnce(told: Record<string, unknown>): Promise<void> {
  expect(await stored(told.calls)).toBe(told.acknowledged);
  const { rows } = await db.pool.query(
    `SELECT count(*) FILTER (WHERE stage = 3)::int AS interrupted, count(*)::int AS count, max(no)::int AS last FROM kube_request`,
  );
  // Acknowledged calls, the outcomes of those under way, and the five intents that nothing closed.
  expect(rows[0].interrupted).toBe(5);
  expect(rows[0].last).toBe(rows[0].count);
  expect(rows[0].count).toBeGreaterThanOrEqual((told.acknowledged as number) + 20 + 5);
}

async function refusedCalls(): Promise<number> {
  const { rows } = await db.pool.query(
    "SELECT coalesce(sum((after->>'refused')::int), 0)::int AS refused FROM audit_event_body WHERE after ? 'refused'",
  );
  return rows[0].refused;
}

test.runIf(canMount)(
  "a full volume empties once PostgreSQL takes entries; open intents outlive it and a crash",
  async () => {
    const [filled, restarted] = await onSmallVolume("recover", "start");
    expect(filled).toMatchObject({
      admittedAtStart: true,
      outcomesOnDisk: 20,
      refused: 40,
      admittedAgain: true,
    });
    expect(filled!.reason).toEqual({ admitted: false, reason: expect.stringContaining("ENOSPC") });
    expect(filled!.acknowledged).toBeGreaterThan(1_000);
    expect(restarted).toMatchObject({ admittedAgain: true });
    await expectEveryCallOnce(filled!);
    expect(await refusedCalls()).toBe(40);
  },
  120_000,
);

test.runIf(canMount)(
  "a gateway starts on a full volume, writes what is there first, and then takes calls",
  async () => {
    const [filled, restarted] = await onSmallVolume("die", "start");
    expect(filled!.acknowledged).toBeGreaterThan(1_000);
    expect(restarted).toMatchObject({ admittedAgain: true });
    await expectEveryCallOnce(filled!);
  },
  120_000,
);
