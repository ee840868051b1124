import { AppError } from "../../errors.ts";
import { resolveTime } from "../../filter/relative-time.ts";
import { boundTime, EARLIEST_TIME } from "../../filter/time-bounds.ts";
import type { TimeWindow } from "../query/schema.ts";

/**
 * Reads the log's window, in UTC: from `start` up to `end`, a date standing for its whole day and a second for all of it. Without them,
 * everything that is kept.
 */
export function readLogWindow({ start, end }: { start?: string; end?: string }, now: Date): TimeWindow {
  const reference = { now, timeZone: "UTC" };
  const from = start === undefined ? null : resolveTime(start, reference);
  const to = end === undefined ? null : resolveTime(end, reference);
  const window = {
    from: new Date(from ? boundTime(from.start) : EARLIEST_TIME),
    to: to
      ? new Date(boundTime(isWholeSecond(end) ? to.start + 1_000 : to.end))
      : new Date(now.getTime() + 60_000),
  };
  if (!from || !to || to.start >= from.start) return window;
  throw new AppError("invalid_argument", "end lies before start; swap them.", {
    details: [{ field: "end", got: end, takes: `a time from start (${start}) on` }],
  });
}

const isWholeSecond = (text: string | undefined): boolean => /[T ]\d{2}:\d{2}:\d{2}(?!\.)/i.test(text ?? "");
