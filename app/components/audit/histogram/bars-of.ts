import type { AuditHistogram } from "../../../../lib/audit/query/schema.ts";
import type { ResolvedRange } from "../range/time-range.ts";

/** A bucket with its instants, `end` excluded. */
export interface Bar {
  start: number;
  end: number;
  success: number;
  failure: number;
}

/** The buckets as far as they lie in the window: the histogram shown while another is on its way may be of another window. */
export function barsOf(data: AuditHistogram | null, window: ResolvedRange): Bar[] {
  const buckets = data?.buckets ?? [];
  return buckets.flatMap(({ start, success, failure }, index) => {
    const from = Date.parse(start);
    const following = buckets[index + 1];
    const to = following ? Date.parse(following.start) : from + (data?.bucketSeconds ?? 0) * 1000;
    const bar = { start: Math.max(window.from, from), end: Math.min(window.to, to), success, failure };
    return bar.end > bar.start ? [bar] : [];
  });
}

/** Where the keyboard starts: around the tallest bar. */
export function firstBrush(bars: readonly Bar[], window: ResolvedRange): ResolvedRange {
  const tallest = bars.reduce<Bar | null>(
    (high, bar) => (high === null || bar.success + bar.failure > high.success + high.failure ? bar : high),
    null,
  );
  return tallest ? { from: tallest.start, to: tallest.end } : window;
}
