"use client";

import { useEffect, useRef } from "react";
import {
  type SessionTerminal,
  useSessionTerminal,
} from "../../../../../../components/terminal/use-session-terminal.ts";
import type { ShownScreen } from "./shown-screen.ts";

/** The session's terminal, in its own size. */
export function TerminalView({
  label,
  scrollback = 0,
  onShown,
}: {
  label: string;
  /** Lines above the screen that can be scrolled back to. */
  scrollback?: number;
  /** Takes the screen when it is there, and null when it is gone. */
  onShown: (shown: ShownScreen | null) => void;
}) {
  const room = useRef<HTMLDivElement>(null);
  const shown = useSessionTerminal(room, { label, scrollback });
  useEffect(() => {
    onShown(shown && ofTerminal(shown));
    return () => onShown(null);
  }, [shown, onShown]);
  return <div ref={room} className="recording-terminal" />;
}

function ofTerminal({ terminal, screen }: SessionTerminal): ShownScreen {
  return {
    screen,
    scrolls: false,
    lines: () => {
      const rows = terminal.element?.querySelector(".xterm-rows")?.children ?? [];
      const { active } = terminal.buffer;
      return [...rows].map((element, row) => ({
        element,
        isWrapped: active.getLine(active.viewportY + row)?.isWrapped ?? false,
      }));
    },
    onDrawn: (listener) => {
      const drawn = terminal.onRender(listener);
      return () => drawn.dispose();
    },
    onSelect: (listener) => {
      const selected = terminal.onSelectionChange(() => terminal.hasSelection() && listener());
      return () => selected.dispose();
    },
  };
}
