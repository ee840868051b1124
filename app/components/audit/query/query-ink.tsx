"use client";

import { memo, useEffect, useMemo, useRef } from "react";
import { inkOf } from "./ink.ts";

/** The coloured copy of the expression, under the input that is typed into. */
export const QueryInk = memo(function QueryInk({
  text,
  wrong,
  scroll,
}: {
  text: string;
  wrong: { start: number; end: number } | null;
  scroll: number;
}) {
  const pieces = useMemo(() => inkOf(text, wrong), [text, wrong]);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (element.current) element.current.scrollLeft = scroll;
  }, [scroll]);
  return (
    <div ref={element} className="query-ink" aria-hidden>
      {pieces.map((piece) => (
        <span key={piece.start} className={piece.clause ? "clause" : undefined}>
          {piece.runs.map((run, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their place
            <span key={index} className={run.className || undefined}>
              {run.text}
            </span>
          ))}
        </span>
      ))}
    </div>
  );
});
