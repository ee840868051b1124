import type { TermIds } from "../dictionary.ts";
import type { KubeRequestEntry } from "../entry.ts";
import { RESULT_CODE } from "./entry-row.ts";

const MINUTE_MS = 60_000;
const UNIT_MS = { minute: MINUTE_MS, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Adds up a batch's entries by the key of `kube_request_minute` (or `_hour`, `_day`): an array a column, the time first, the count
 * last.
 */
export function countEntries(
  entries: readonly KubeRequestEntry[],
  ids: TermIds,
  unit: keyof typeof UNIT_MS,
): (string | number)[][] {
  const unitMs = UNIT_MS[unit];
  const counts = new Map<string, { key: number[]; count: number }>();
  for (const entry of entries) {
    const key = counterKey(entry, ids, unitMs);
    const text = key.join(" ");
    const known = counts.get(text);
    if (known) known.count += 1;
    else counts.set(text, { key, count: 1 });
  }
  const counted = [...counts.values()];
  const columns = Array.from({ length: 7 }, (_, column) => counted.map(({ key }) => key[column]!));
  const times = columns[0]!.map((time) => new Date(time * unitMs).toISOString());
  return [times, ...columns.slice(1), counted.map(({ count }) => count)];
}

function counterKey(entry: KubeRequestEntry, ids: TermIds, unitMs: number): number[] {
  return [
    Math.floor(entry.executedAt / unitMs),
    RESULT_CODE[entry.result],
    ids.actor(entry.actor),
    ids.cluster(entry.cluster),
    ids.string("namespace", entry.namespace) ?? 0,
    ids.string("verb", entry.verb) ?? 0,
    ids.string("resource", entry.resource) ?? 0,
  ];
}

/** Adds up a batch's entries a minute by result: arrays of minutes, results and counts. */
export function countTotals(entries: readonly KubeRequestEntry[]): [string[], number[], number[]] {
  const counts = new Map<string, { minute: number; result: number; count: number }>();
  for (const entry of entries) {
    const minute = Math.floor(entry.executedAt / MINUTE_MS);
    const result = RESULT_CODE[entry.result];
    const known = counts.get(`${minute} ${result}`);
    if (known) known.count += 1;
    else counts.set(`${minute} ${result}`, { minute, result, count: 1 });
  }
  const counted = [...counts.values()];
  return [
    counted.map(({ minute }) => new Date(minute * MINUTE_MS).toISOString()),
    counted.map(({ result }) => result),
    counted.map(({ count }) => count),
  ];
}
