import { dayKindOf } from "../entry/day-kinds.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { ACTOR, type BatchIds } from "./batch-ids.ts";
import { COUNTED_COLUMNS } from "./entry-row.ts";
import { TupleCounts } from "./tuple-counts.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Adds up a batch's entries by the key of `kube_request_minute`: an array's text a column, the time first, the count last. */
export function countMinutes(entries: readonly KubeRequestEntry[], ids: BatchIds): string[] {
  const width = COUNTED_COLUMNS.length + 1;
  const counts = new TupleCounts(width);
  const key = new Int32Array(width);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    key[0] = Math.floor(entry.executedAt / MINUTE_MS);
    for (let column = 0; column < COUNTED_COLUMNS.length; column++)
      key[column + 1] = COUNTED_COLUMNS[column]!.value(entry, index, ids);
    counts.add(key);
  }
  return arraysOf(counts, width, MINUTE_MS);
}

/** The same by the key of `kube_request_day_kind`, of the entries that are of such a kind. */
export function countDayKinds(entries: readonly KubeRequestEntry[], ids: BatchIds): string[] {
  const counts = new TupleCounts(3);
  for (const [index, entry] of entries.entries()) {
    const kind = dayKindOf(entry);
    if (kind === null) continue;
    counts.add(Int32Array.of(Math.floor(entry.executedAt / DAY_MS), kind, ids.of(index, ACTOR)));
  }
  return arraysOf(counts, 3, DAY_MS);
}

/** Arrays as PostgreSQL reads them, the first of times: where each began. */
function arraysOf(counts: TupleCounts, width: number, unitMs: number): string[] {
  const times = counts.column(0).map((time) => new Date(time * unitMs).toISOString());
  const others = Array.from({ length: width }, (_, place) => counts.column(place + 1));
  return [times, ...others].map((values) => `{${values.join(",")}}`);
}
