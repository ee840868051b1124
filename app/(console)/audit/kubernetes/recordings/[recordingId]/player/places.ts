/** The last of what begins at or before a moment; -1 where all begin later. The list is in order. */
export function lastAtOrBefore<Item>(
  list: readonly Item[],
  atMs: number,
  startOf: (item: Item) => number,
): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (startOf(list[middle] as Item) <= atMs) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** A span of a recording in which nothing was shown. */
export interface IdleSpan {
  fromMs: number;
  toMs: number;
}

/** How much of an idle span is played before it is skipped, and after. */
const BREATH_MS = 400;

/** Where playing goes on when idle time is skipped: `atMs` itself outside of idle spans. */
export function skipIdleAt(idle: readonly IdleSpan[], atMs: number): number {
  const span = idle[lastAtOrBefore(idle, atMs - BREATH_MS, ({ fromMs }) => fromMs)];
  return span && atMs < span.toMs - BREATH_MS ? span.toMs - BREATH_MS : atMs;
}
