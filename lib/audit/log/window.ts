import { AppError } from "../../errors.ts";
import { resolveTime } from "../../filter/relative-time.ts";
import type { TimeWindow } from "../query/schema.ts";

const EPOCH = new Date("1970-01-01T00:00:00Z");
/** A later year has five digits, which PostgreSQL does not read. */
const LATEST = new Date("9999-12-31T23:59:59.999Z");

/**
 * Reads the log's window, in UTC: from `start` up to `end`, a date standing for its whole day and a second for all of it. Without them,
 * everything that is kept.
 */
export function readLogWindow({ start, end }: { start?: string; end?: string }, now: Date): TimeWindow {
  const reference = { now, timeZone: "UTC" };
  const from = start === undefined ? null : resolveTime(start, reference);
  const to = end === undefined ? null : resolveTime(end, reference);
  const window = {
    from: from ? new Date(Math.max(from.start, EPOCH.getTime())) : EPOCH,
    to: to
      ? new Date(Math.min(isWholeSecond(end) ? to.start + 1_000 : to.end, LATEST.getTime()))
      : new Date(now.getTime() + 60_000),
  };
  if (!from || !to || to.start >= from.start) return window;
  throw new AppError("invalid_argument", "end lies before start; swap them.", {
    details: [{ field: "end", got: end, takes: `a time from start (${start}) on` }],
  });
}

const isWholeSecond = (text: string | undefined): boolean => /[T ]\d{2}:\d{2}:\d{2}(?!\.)/i.test(text ?? "");
