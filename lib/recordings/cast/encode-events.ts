import type { CastEvent } from "./cast-event.ts";

/**
 * Events as lines of asciicast v3, each with its line break. `afterMs`: when the event before the first of them happened, 0 at the start of a
 * recording. Times are whole milliseconds, and three decimals of a second say them exactly: however many intervals are summed, none drifts.
 */
export function encodeEvents(events: readonly CastEvent[], afterMs: number): string {
  let before = afterMs;
  let lines = "";
  for (const { atMs, code, data } of events) {
    lines += `[${seconds(atMs - before)},"${code}",${JSON.stringify(data)}]\n`;
    before = atMs;
  }
  return lines;
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}`;
}
