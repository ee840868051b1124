import type { TermIds } from "../dictionary.ts";
import type { KubeRequestEntry } from "../entry.ts";
import { RESULT_CODE } from "./entry-row.ts";

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

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

/** Adds up a batch's entries a minute or an hour by result: arrays of times, results and counts. */
export function countTotals(
  entries: readonly KubeRequestEntry[],
  unit: "minute" | "hour",
): [string[], number[], number[]] {
  const unitMs = UNIT_MS[unit];
  const counts = new Map<string, { start: number; result: number; count: number }>();
  for (const entry of entries) {
    const start = Math.floor(entry.executedAt / unitMs);
    const result = RESULT_CODE[entry.result];
    const known = counts.get(`${start} ${result}`);
    if (known) known.count += 1;
    else counts.set(`${start} ${result}`, { start, result, count: 1 });
  }
  const counted = [...counts.values()];
  return [
    counted.map(({ start }) => new Date(start * unitMs).toISOString()),
    counted.map(({ result }) => result),
    counted.map(({ count }) => count),
  ];
}
