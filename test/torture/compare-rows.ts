import type { SeenCall } from "./cluster.ts";
import type { WrittenCall } from "./written-call.ts";

/** A row of Request Audit, as far as it is compared. */
export interface Row {
  no: number;
  callId: string;
  /** 0 complete, 1 start, 2 end, 3 interrupted. */
  stage: number;
  httpStatus: number | null;
}

/** What the ledger says of one stream of numbers, and the numbers that its rows have. */
export interface Numbers {
  stream: string;
  /** The last number before, and the last one now. */
  before: number;
  last: number;
  /** Rows after `before`, and how many different numbers they have. */
  rows: number;
  distinct: number;
}

const STAGE = { complete: 0, start: 1, end: 2, interrupted: 3 } as const;

/** How client, cluster and record agree. Each of the lists is empty where nothing is wrong. */
export interface Comparison {
  calls: number;
  answered: number;
  rows: number;
  interrupted: number;
  /** Told that there is no room in the journal, that what the cluster answered could not be recorded, or that they could not be checked, and without a row, as docs/operations.md says. */
  refused: number;
  /** Answered, or of a watch or a session begun, and no row closes it. */
  lost: WrittenCall[];
  /** Ids of calls that two rows close, or begin. */
  doubled: string[];
  /** Numbers that no row has, or that two have. */
  gaps: number;
  /** Seen by the cluster, and no row. */
  changesWithoutRow: SeenCall[];
  /** The same of reads, of which nothing is promised before they are answered. */
  readsWithoutRow: number;
  /** Answered whole, and the row says `interrupted` or another status. */
  differing: { call: WrittenCall; row: Row | null }[];
  /** Changes that the cluster was sent twice. */
  sentTwice: SeenCall[];
}

export interface Observed {
  calls: readonly WrittenCall[];
  seen: Iterable<SeenCall>;
  rows: readonly Row[];
  numbers: readonly Numbers[];
}

/** Holds what the client wrote down, and what the cluster saw, against the rows. */
export function compareRows({ calls, seen, rows, numbers }: Observed): Comparison {
  const byCall = Map.groupBy(rows, ({ callId }) => callId);
  const [refused, counted] = split(calls, (call) => isRefusedWithoutRow(call, rowsOf(byCall, call)));
  const answered = counted.filter(({ state }) => state === "answered");
  const unrecorded = [...seen].filter(({ auditId }) => !byCall.has(auditId));
  return {
    calls: calls.length,
    answered: answered.length,
    rows: rows.length,
    interrupted: rows.filter(({ stage }) => stage === STAGE.interrupted).length,
    refused: refused.length,
    lost: counted.filter((call) => isLost(call, rowsOf(byCall, call))),
    doubled: [...byCall].filter(([, ofCall]) => isDoubled(ofCall)).map(([callId]) => callId),
    gaps: numbers.reduce((sum, of) => sum + gapsOf(of), 0),
    changesWithoutRow: unrecorded.filter(({ isChange }) => isChange),
    readsWithoutRow: unrecorded.filter(({ isChange }) => !isChange).length,
    differing: answered.flatMap((call) => differenceOf(call, rowsOf(byCall, call))),
    sentTwice: [...seen].filter(({ isChange, times }) => isChange && times > 1),
  };
}

/** Whether nothing is wrong. */
export function isWhole(comparison: Comparison): boolean {
  return Object.values(problemsOf(comparison)).every((count) => count === 0);
}

/** How much is wrong, by kind. */
export const problemsOf = (comparison: Comparison) => ({
  lost: comparison.lost.length,
  doubled: comparison.doubled.length,
  gaps: comparison.gaps,
  "changes without row": comparison.changesWithoutRow.length,
  differing: comparison.differing.length,
  "sent twice": comparison.sentTwice.length,
});

const rowsOf = (byCall: Map<string, Row[]>, { auditId }: WrittenCall): Row[] =>
  auditId === null ? [] : (byCall.get(auditId) ?? []);

const isClosing = ({ stage }: Row): boolean => stage !== STAGE.start;
const isStream = ({ kind }: WrittenCall): boolean => kind === "watch" || kind === "session";

/**
 * A call that the journal had no room for, a read whose answer was not passed on as it could not be recorded, or one of which nobody could say whose it
 * is: those are counted with the strangers', of which only the first ones have a row each.
 */
function isRefusedWithoutRow(call: WrittenCall, rows: readonly Row[]): boolean {
  if (call.kind === "read" && isWithheld(call)) return rows.length === 0;
  // Where too many of those come, they are told so before anybody looks who they are; they are counted, too.
  if (call.status === 429) return rows.length === 0 && /calls without a token that counts/.test(call.message);
  if (call.status !== 503) return false;
  if (/Who you are cannot be checked/.test(call.message)) return rows.length === 0;
  return /audit journal|could not be recorded/.test(call.message);
}

/** A client that was told that its call could not be recorded knows less than the record has later. */
const isWithheld = ({ message }: WrittenCall): boolean => message.includes("could not record the call");

function isLost(call: WrittenCall, rows: readonly Row[]): boolean {
  const hasBegun = isStream(call) && call.state === "begun" && (call.status ?? 0) < 400;
  if (call.state !== "answered" && !hasBegun) return false;
  return !rows.some(isClosing);
}

function isDoubled(rows: readonly Row[]): boolean {
  return rows.filter(isClosing).length > 1 || rows.filter((row) => !isClosing(row)).length > 1;
}

function gapsOf({ before, last, rows, distinct }: Numbers): number {
  return last - before - distinct + (rows - distinct);
}

/** A stream's own status is that of its first row; how it ended is told in its last. */
function differenceOf(call: WrittenCall, rows: readonly Row[]): Comparison["differing"] {
  if (isStream(call) || isWithheld(call)) return [];
  const row = rows.find(isClosing);
  if (!row || (row.stage === STAGE.complete && row.httpStatus === call.status)) return [];
  return [{ call, row }];
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  const { first = [], second = [] } = Object.groupBy(all, (one) => (isFirst(one) ? "first" : "second"));
  return [first, second];
}
