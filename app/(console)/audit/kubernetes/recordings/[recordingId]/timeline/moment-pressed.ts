import type { PointerEvent } from "react";

/** Pixels about a mark within which a click means the mark. */
const REACH_PX = 6;

/** The moment that a press means: that of a mark in its lane, where one is near, else where it was. */
export function momentPressed(
  event: PointerEvent,
  atMs: number,
  { markers, calls, durationMs }: { markers: readonly Mark[]; calls: readonly Mark[]; durationMs: number },
): number {
  const { top, height, width } = event.currentTarget.getBoundingClientRect();
  const down = (event.clientY - top) / height;
  const marks = down < 0.25 ? markers : down > 0.78 ? calls : [];
  const reachMs = (REACH_PX / Math.max(1, width)) * durationMs;
  const far = (mark: Mark) => Math.abs(mark.atMs - atMs);
  const nearest = marks.toSorted((a, b) => far(a) - far(b))[0];
  return nearest && far(nearest) <= reachMs ? nearest.atMs : atMs;
}

interface Mark {
  atMs: number;
}
