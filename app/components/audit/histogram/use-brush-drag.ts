"use client";

import { type PointerEvent, useRef, useState } from "react";
import type { ResolvedRange } from "../range/time-range.ts";

type Drag =
  | { kind: "new"; anchor: number }
  | { kind: "edge"; fixed: number }
  | { kind: "move"; grabbed: number; brush: ResolvedRange };

/**
 * Dragging on the plot: over the bars makes a brush, its handles adjust it, its middle moves it. Times are continuous while
 * dragging; the caller snaps them when the pointer is let go.
 */
export function useBrushDrag({
  window,
  brush,
  onBrush,
  onZoom,
}: {
  window: ResolvedRange;
  brush: ResolvedRange | null;
  onBrush: (range: ResolvedRange, isClick: boolean) => void;
  onZoom: (range: ResolvedRange) => void;
}) {
  const plot = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const startX = useRef(0);
  const lastKind = useRef<Drag["kind"] | null>(null);
  const [preview, setPreview] = useState<ResolvedRange | null>(null);

  function timeAt(clientX: number): number {
    const box = plot.current?.getBoundingClientRect();
    if (!box || box.width === 0) return window.from;
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return window.from + share * (window.to - window.from);
  }

  function begin(event: PointerEvent, next: Drag) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    plot.current?.setPointerCapture(event.pointerId);
    drag.current = next;
    lastKind.current = next.kind;
    startX.current = event.clientX;
  }

  return {
    plot,
    preview,
    timeAt,
    beginNew: (event: PointerEvent) => begin(event, { kind: "new", anchor: timeAt(event.clientX) }),
    beginEdge: (edge: "from" | "to") => (event: PointerEvent) =>
      brush && begin(event, { kind: "edge", fixed: edge === "from" ? brush.to : brush.from }),
    beginMove: (event: PointerEvent) =>
      brush && begin(event, { kind: "move", grabbed: timeAt(event.clientX), brush }),
    onPointerMove: (event: PointerEvent) => {
      if (drag.current) setPreview(dragged(drag.current, timeAt(event.clientX), window));
    },
    onPointerUp: (event: PointerEvent) => {
      const current = drag.current;
      if (!current) return;
      drag.current = null;
      setPreview(null);
      const isClick = Math.abs(event.clientX - startX.current) < 3;
      // A click into the brush is the first half of a double click, which zooms.
      if (isClick && current.kind !== "new") return;
      onBrush(dragged(current, timeAt(event.clientX), window), isClick);
    },
    onDoubleClick: () => {
      if (brush && lastKind.current === "move") onZoom(brush);
    },
    onPointerCancel: () => {
      drag.current = null;
      setPreview(null);
    },
  };
}

function dragged(drag: Drag, time: number, window: ResolvedRange): ResolvedRange {
  if (drag.kind === "move") {
    const { from, to } = drag.brush;
    const by = Math.min(window.to - to, Math.max(window.from - from, time - drag.grabbed));
    return { from: from + by, to: to + by };
  }
  const other = drag.kind === "new" ? drag.anchor : drag.fixed;
  return { from: Math.min(time, other), to: Math.max(time, other) };
}
