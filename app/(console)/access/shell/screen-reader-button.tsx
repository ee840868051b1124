"use client";

import { useEffect } from "react";
import { useBrowserFlag } from "../../../components/use-browser-flag.ts";
import type { TerminalScreen } from "./terminal-screen.ts";

/** Has terminals tell screen readers what they show, which takes time with each line. Seen once it has the focus; kept in this browser. */
export function ScreenReaderButton({ screen }: { screen: TerminalScreen | null }) {
  const [isTold, setTold] = useBrowserFlag("kubewitness-screen-reader", false);
  useEffect(() => screen?.tellScreenReaders(isTold), [screen, isTold]);
  return (
    <button
      type="button"
      className="sr-only text-(--term-fg) focus:not-sr-only"
      aria-pressed={isTold}
      onClick={() => setTold(!isTold)}
    >
      Read the terminal to a screen reader
    </button>
  );
}
