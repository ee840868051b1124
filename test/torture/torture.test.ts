import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FAULTS } from "./faults/all-faults.ts";
import { killAll } from "./faults/processes.ts";
import { Installation } from "./installation.ts";
import { canMount } from "./small-volume.ts";
import { explainResult, torture } from "./torture.ts";

// The short form of `npm run torture`: each fault once, one after the other, under one load. PostgreSQL, the main process, its gateway processes and the
// sockets between them are real; the test is client and cluster.

const VOLUME_BYTES = 32 * 2 ** 20;
const LASTING = { postgresAway: 1_000, postgresStalled: 1_000, loopBlocked: 1_500 };
const SIZE = { connections: 4, watches: 2, sessions: 1 };
const mounts = canMount();
// What is done to journals begins with a SIGKILL of all.
const faults = FAULTS.filter((fault) => fault !== killAll && (mounts || !fault.onSmallVolume));

let folder: string;
let installation: Installation;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-torture-"));
  installation = await Installation.start({ folder, volumeBytes: mounts ? VOLUME_BYTES : null });
}, 180_000);
afterAll(async () => {
  await installation?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test(`whatever befalls it, each answer and each change has its one row${mounts ? "" : " (without the full disk: this host lets nobody mount)"}`, async () => {
  const result = await torture(installation, faults, { times: 1, size: SIZE, lasting: LASTING });
  expect(explainResult(result)).toEqual([]);
  expect(result.comparison.answered).toBeGreaterThan(faults.length * 30);
}, 600_000);
