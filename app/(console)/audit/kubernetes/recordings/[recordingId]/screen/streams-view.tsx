"use client";

import { memo, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import type { ShownScreen } from "./shown-screen.ts";
import { readableLine, type StreamBlock, StreamLines } from "./stream-lines.ts";

/** Nearer than this to the end, the view follows what comes. */
const END_PX = 40;

/** What a session without a terminal put out: stdout and stderr, line by line, told apart. */
export function StreamsView({
  label,
  onShown,
}: {
  label: string;
  onShown: (shown: ShownScreen | null) => void;
}) {
  const [lines] = useState(() => new StreamLines());
  const [drawn] = useState(() => new Set<() => void>());
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const blocks = useSyncExternalStore(lines.subscribe, lines.current, lines.current);
  useEffect(() => {
    onShown(ofLines(lines, box, drawn));
    return () => onShown(null);
  }, [lines, drawn, onShown]);
  useLayoutEffect(() => {
    void blocks;
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
    for (const listener of drawn) listener();
  }, [blocks, drawn]);
  return (
    <div
      ref={box}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      className="recording-streams"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < END_PX;
      }}
    >
      {blocks.map((block) => (
        <Lines key={block.id} block={block} />
      ))}
    </div>
  );
}

const Lines = memo(function Lines({ block }: { block: StreamBlock }) {
  return (
    <div>
      {block.lines.map(({ id, stream, atMs, text }, at) => {
        const before = block.lines[at - 1];
        const begins = stream !== null && (before?.stream !== stream || before.atMs !== atMs);
        return (
          <div key={id} className={`stream-line is-${stream ?? "before"}`}>
            <span className="when">{begins ? formatPosition(atMs) : null}</span>
            <span className="which">{before?.stream !== stream ? stream : null}</span>
            <span className="text">{readableLine(text)}</span>
          </div>
        );
      })}
    </div>
  );
});

function ofLines(
  lines: StreamLines,
  box: React.RefObject<HTMLElement | null>,
  drawn: Set<() => void>,
): ShownScreen {
  return {
    screen: lines,
    scrolls: true,
    lines: () =>
      [...(box.current?.querySelectorAll(".text") ?? [])].map((element) => ({ element, isWrapped: false })),
    onDrawn: (listener) => {
      drawn.add(listener);
      return () => drawn.delete(listener);
    },
    onSelect: (listener) => {
      const onChange = () => {
        const selection = document.getSelection();
        if (selection && !selection.isCollapsed && box.current?.contains(selection.anchorNode)) listener();
      };
      document.addEventListener("selectionchange", onChange);
      return () => document.removeEventListener("selectionchange", onChange);
    },
  };
}
