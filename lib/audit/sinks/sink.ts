import type { SurfaceName } from "../store/ledger.ts";

/** `late`: what waits longest has waited for more than `LATE_SECONDS`. `failing`: the last try failed. */
export type SinkHealth = "well" | "late" | "failing";

/** How a sink does. Plain JSON: it goes from process to process. */
export interface SinkStatus {
  /** Of metrics and of the cursor: lower case, never another sink's. */
  name: string;
  /** As a sentence has it. */
  title: string;
  /** What it takes, each in order of its numbers, and the number up to which it has everything; null before the first. */
  cursors: { surface: SurfaceName; lastNo: number | null }[];
  health: SinkHealth;
  /** What is wrong, a sentence for anybody to read (no names, no paths, no text of an error); null while it does well. */
  reason: string | null;
  /** What waits for it: how many records, and for how long the oldest of them has waited. */
  lag: { records: number; seconds: number };
}

/**
 * Where the record goes, in order of No: PostgreSQL, a check, whatever comes. Each goes on by a cursor of its own, and none waits for another.
 */
export interface Sink {
  status(): SinkStatus;
}

/** Records arrive within seconds; what waits for longer is held up, whether there is an error or not. */
const LATE_SECONDS = 15;

/** How a sink does that has tried, or waits. */
export function healthOf({ failing, lagSeconds }: { failing: boolean; lagSeconds: number }): SinkHealth {
  if (failing) return "failing";
  return lagSeconds > LATE_SECONDS ? "late" : "well";
}
