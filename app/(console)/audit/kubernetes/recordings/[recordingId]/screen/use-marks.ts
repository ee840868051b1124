"use client";

import { useEffect } from "react";
import { clearMarks, markMatches, type Sought } from "../search/mark-matches.ts";
import type { ShownScreen } from "./shown-screen.ts";

/** Marks what is looked for on the screen, each time it is drawn. */
export function useMarks(shown: ShownScreen | null, sought: Sought | null): void {
  const text = sought?.text ?? null;
  const line = sought?.line ?? null;
  useEffect(() => {
    if (!shown || text === null) return;
    const mark = () => {
      const current = markMatches(shown.lines(), { text, line });
      if (shown.scrolls && current) current.scrollIntoView({ block: "center" });
    };
    mark();
    const stop = shown.onDrawn(mark);
    return () => {
      stop();
      clearMarks();
    };
  }, [shown, text, line]);
}
