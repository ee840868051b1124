import { offsetAt, wallToInstant } from "../../../../lib/filter/relative-time.ts";

/** A count that fits above the tallest bar, and the lines drawn below it. */
export interface CountScale {
  top: number;
  lines: number[];
}

/** One to three round lines under the tallest bar, which reaches nearly to the top. */
export function scaleOf(tallest: number): CountScale {
  if (tallest <= 0) return { top: 1, lines: [] };
  const step = roundStep(tallest / 2);
  const lines = [step, step * 2, step * 3].filter((line) => line <= tallest);
  return { top: tallest * 1.08, lines };
}

/** The largest of 1, 2, 2.5 and 5 times a power of ten that is not above `most`; at least 1. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  const lead = [5, 2.5, 2, 1].find(
    (candidate) => candidate * power <= most && Number.isInteger(candidate * power),
  );
  return Math.max(1, (lead ?? 1) * power);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1000, 5000, 15_000, 30_000]
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * HOUR))
  .concat([1, 2, 5, 7, 14].map((days) => days * DAY));
/** A little more than eight, for days of 25 hours. */
const MOST_PARTS = 8.5;

/** Marks of the time axis: round readings of the zone's clocks, at most nine, with their places (0–1). */
export function axisTicks(from: number, to: number, timeZone: string): { at: number; time: number }[] {
  const span = to - from;
  const step =
    STEPS.find((candidate) => span / candidate <= MOST_PARTS) ?? Math.ceil(span / MOST_PARTS / DAY) * DAY;
  const wallFrom = from + offsetAt(from, timeZone);
  const ticks: { at: number; time: number }[] = [];
  // Days are counted from the range's own first day, shorter steps from midnight.
  const start = step > DAY ? wallFrom : Math.ceil(wallFrom / step) * step;
  for (let wall = start; ticks.length < 50; wall += step) {
    const time = wallToInstant(wall, timeZone);
    if (time > to) break;
    if (time >= from) ticks.push({ at: (time - from) / span, time });
  }
  return ticks;
}

/** `10 min`, `1 h`, `1 d`. */
export function describeBucket(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

/** A dragged range, widened to whole buckets. Instants outside the histogram are cut. */
export function snapToBuckets(
  range: { from: number; to: number },
  starts: readonly number[],
  end: number,
): { from: number; to: number } | null {
  const first = starts[0];
  if (first === undefined) return null;
  const low = Math.min(range.from, range.to);
  const high = Math.max(range.from, range.to);
  const from = starts.findLast((start) => start <= low) ?? first;
  const to = starts.find((start) => start >= high && start > from) ?? end;
  return to > from ? { from, to } : null;
}

/** Moves one end of a brush by whole buckets, never past the other end nor out of the histogram. */
export function nudgeBrush(
  brush: { from: number; to: number },
  edge: "from" | "to",
  by: number,
  starts: readonly number[],
  end: number,
): { from: number; to: number } {
  const edges = [...starts, end];
  const at = edges.findIndex((time) => time >= brush[edge]);
  const next = edges[Math.min(edges.length - 1, Math.max(0, at + by))];
  if (next === undefined) return brush;
  const moved = { ...brush, [edge]: next };
  return moved.to > moved.from ? moved : brush;
}
