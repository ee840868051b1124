"use client";

import type { ShownScreen } from "../screen/shown-screen.ts";
import { TerminalView } from "../screen/terminal-view.tsx";

const LINES_ABOVE = 5_000;

/** A running session's terminal: what scrolled away can be scrolled back to. */
export function LiveTerminal(props: { label: string; onShown: (shown: ShownScreen | null) => void }) {
  return <TerminalView scrollback={LINES_ABOVE} {...props} />;
}
