import { expect, test } from "vitest";
import type { AuditStatus } from "../../lib/audit/pipeline/status.ts";
import { admissionOf, troublesOfConsole, troublesOfProcesses } from "./health.ts";
import { RestartDelay } from "./restart-delay.ts";
import type { WorkerReport } from "./worker-process.ts";

const report = (changed: Partial<WorkerReport> = {}): WorkerReport => ({
  name: "gateway-1",
  pid: 7,
  state: "serving",
  status: null,
  silentMs: 0,
  ends: 0,
  loop: null,
  ...changed,
});
const refusing = { admission: { admitted: false, reason: "the journal is full" } } as AuditStatus;

test("calls are taken where a process serves and none refuses its part of them", () => {
  expect(admissionOf([report(), report({ state: "ended" })])).toEqual({ admitted: true });
  expect(admissionOf([report(), report({ status: refusing })])).toEqual(refusing.admission);
  expect(admissionOf([report({ state: "ended" }), report({ state: "silent" })])).toEqual({
    admitted: false,
    reason: "no gateway process serves calls",
  });
});

test("each process that does not serve is named", () => {
  const reports = [
    report(),
    report({ name: "gateway-2", state: "starting" }),
    report({ name: "gateway-3", state: "silent", silentMs: 12_300 }),
    report({ name: "gateway-4", loop: { ends: 5, minutes: 10 } }),
  ];
  expect(troublesOfProcesses(reports)).toEqual([
    "gateway-2 is not running, and is started again",
    "gateway-3 has not answered for 12 s",
    "gateway-4 ended 5 times within 10 minutes: see the log",
  ]);
  expect(troublesOfConsole(0)).toEqual([]);
  expect(troublesOfConsole(2)).toEqual([
    "the console's process had 2 defects since its start: see the log, and restart it",
  ]);
});

test("a process that ends again and again is started less and less often, and said to", () => {
  const delay = new RestartDelay();
  const minute = 60_000;
  expect(delay.noteEnd(0)).toBe(500);
  expect(delay.noteEnd(minute)).toBe(1_000);
  expect(delay.loopAt(minute)).toBeNull();
  expect(delay.noteEnd(2 * minute)).toBe(2_000);
  expect(delay.loopAt(2 * minute)).toEqual({ ends: 3, minutes: 10 });
  expect([3, 4, 5, 6, 7].map((at) => delay.noteEnd(at * minute))).toEqual([
    5_000, 15_000, 30_000, 30_000, 30_000,
  ]);
  // What ended ten minutes ago counts no more.
  expect(delay.noteEnd(17.5 * minute)).toBe(500);
  expect(delay.loopAt(17.5 * minute)).toBeNull();
});
