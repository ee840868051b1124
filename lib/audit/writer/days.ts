import type { KubeRequestEntry } from "../entry/entry.ts";
import { type Day, dayOf } from "../store/partitions.ts";

const DAY_MS = 86_400_000;

/** The days of entries, each once, and the latest. Throws a RangeError for a time that is none. */
export function daysOf(entries: readonly KubeRequestEntry[]): { days: Day[]; latest: Day } {
  const times = new Map<number, number>();
  for (const { executedAt } of entries) {
    const day = Math.floor(executedAt / DAY_MS);
    if (!times.has(day)) times.set(day, executedAt);
  }
  const days = Array.from(times.values(), dayOf).sort();
  return { days, latest: days.at(-1) ?? "" };
}
