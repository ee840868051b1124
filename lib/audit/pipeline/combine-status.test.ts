import { expect, test } from "vitest";
import { combineStatus } from "./combine-status.ts";
import { type AuditStatus, troublesOf } from "./status.ts";

const WELL: AuditStatus = {
  admission: { admitted: true },
  journalBytes: 10,
  journalMaxBytes: 100,
  unwrittenBytes: 1,
  lagMs: 5,
  openIntents: 2,
  lastNo: null,
  lastCommittedAt: null,
  deadLetters: 0,
  orphans: [],
  setAside: [],
  unrecorded: { refused: 0, lost: 0 },
  writerError: null,
  sinks: [
    {
      name: "postgresql",
      title: "PostgreSQL",
      cursors: [{ surface: "Request Audit", lastNo: null }],
      health: "well",
      reason: null,
      lag: { records: 1, seconds: 0 },
    },
  ],
};

test("processes that do well do well together, and what they count is added up", () => {
  const all = combineStatus([
    WELL,
    { ...WELL, lastNo: 7, lastCommittedAt: "2026-11-28T10:00:00Z", lagMs: 9 },
    { ...WELL, lastNo: 5, lastCommittedAt: "2026-11-28T11:00:00Z" },
  ]);
  expect(all).toMatchObject({
    journalBytes: 30,
    journalMaxBytes: 300,
    unwrittenBytes: 3,
    openIntents: 6,
    lagMs: 9,
    lastNo: 7,
    lastCommittedAt: "2026-11-28T11:00:00Z",
  });
  expect(all.sinks).toMatchObject([{ name: "postgresql", health: "well", lag: { records: 3, seconds: 0 } }]);
  expect(troublesOf(all)).toEqual([]);
});

test("what is wrong with one of them is said of all, once", () => {
  const aside = { id: "1", path: "/data/journal/set-aside/1", reason: "damaged" };
  const late = { ...WELL.sinks[0]!, health: "late" as const, reason: "new entries do not reach PostgreSQL" };
  const failing = { ...late, health: "failing" as const, reason: "PostgreSQL takes nothing" };
  const all = combineStatus(
    [
      { ...WELL, setAside: [aside], sinks: [late] },
      {
        ...WELL,
        admission: { admitted: false, reason: "the journal is full" },
        setAside: [aside],
        unrecorded: { refused: 3, lost: 1 },
        sinks: [failing],
      },
      { ...WELL, unrecorded: { refused: 1, lost: 0 } },
    ],
    ["gateway-2 is not running, and is started again"],
  );
  expect(all.admission).toEqual({ admitted: false, reason: "the journal is full" });
  expect(troublesOf(all)).toEqual([
    "calls are refused: the audit journal takes no entries",
    "PostgreSQL takes nothing",
    "1 journal could not be read and is set aside",
    "since the start, 4 refused calls and 1 outcomes have no entry of their own",
    "gateway-2 is not running, and is started again",
  ]);
});
