import { dayKindOf } from "../entry/day-kinds.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import type { TermIds } from "../store/dictionary.ts";
import { COUNTED_COLUMNS, plainArray } from "./entry-row.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Adds up a batch's entries by the key of `kube_request_minute`: an array's text a column, the time first, the count last. */
export function countMinutes(entries: readonly KubeRequestEntry[], ids: TermIds): string[] {
  return count(entries, COUNTED_COLUMNS.length + 1, (entry) => {
    const key = [Math.floor(entry.executedAt / MINUTE_MS) * MINUTE_MS];
    for (const { value } of COUNTED_COLUMNS) key.push(value(entry, ids) ?? 0);
    return key;
  });
}

/** The same by the key of `kube_request_day_kind`, of the entries that are of such a kind. */
export function countDayKinds(entries: readonly KubeRequestEntry[], ids: TermIds): string[] {
  return count(entries, 3, (entry) => {
    const kind = dayKindOf(entry);
    if (kind === null) return null;
    return [Math.floor(entry.executedAt / DAY_MS) * DAY_MS, kind, ids.actor(entry.actor)];
  });
}

/** `keyOf`: the milliseconds at which the time begins, then the other columns; null for an entry that does not count. */
function count(
  entries: readonly KubeRequestEntry[],
  keyLength: number,
  keyOf: (entry: KubeRequestEntry) => number[] | null,
): string[] {
  const counts = new Map<string, { key: number[]; count: number }>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === null) continue;
    const text = key.join(" ");
    const known = counts.get(text);
    if (known) known.count += 1;
    else counts.set(text, { key, count: 1 });
  }
  const counted = [...counts.values()];
  const [times, ...others] = Array.from({ length: keyLength }, (_, column) =>
    counted.map(({ key }) => key[column]!),
  );
  const starts = times!.map((time) => new Date(time).toISOString());
  return [starts, ...others, counted.map((each) => each.count)].map(plainArray);
}
