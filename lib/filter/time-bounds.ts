/** Nothing was recorded before; earlier years are written as neither PostgreSQL nor the calendar's arithmetic reads them. */
export const EARLIEST_TIME = Date.parse("1970-01-01T00:00:00Z");
/** A later year has five digits, which PostgreSQL does not read. */
const LATEST_TIME = Date.parse("9999-12-31T23:59:59.999Z");

/** The nearest time that the record can have, milliseconds since the epoch: windows and comparisons beyond it mean the same. */
export function boundTime(milliseconds: number): number {
  return Math.max(EARLIEST_TIME, Math.min(LATEST_TIME, milliseconds));
}
