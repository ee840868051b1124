import { lastAtOrBefore } from "../player/places.ts";

/** The place of the command that runs at a moment; -1 before the first. */
export function commandAt(markers: readonly { atMs: number }[], positionMs: number): number {
  return lastAtOrBefore(markers, positionMs, ({ atMs }) => atMs);
}
