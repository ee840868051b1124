"use client";

import type { Terminal } from "@xterm/xterm";
import { type RefObject, useEffect, useState } from "react";
import { createTerminal } from "./create-terminal.ts";
import { fitFont } from "./fit-font.ts";
import { SessionScreen } from "./session-screen.ts";
import { readOnlyTerminal } from "./terminal-look.ts";

export interface SessionTerminal {
  terminal: Terminal;
  screen: SessionScreen;
}

/** A session's terminal in an element, as large as there is room for; null until it is there. One that cannot be loaded is the page's error. */
export function useSessionTerminal(
  room: RefObject<HTMLElement | null>,
  { label, scrollback }: { label: string; scrollback: number },
): SessionTerminal | null {
  const [shown, setShown] = useState<SessionTerminal | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  if (failure !== null) throw failure;
  useEffect(() => {
    const element = room.current;
    if (!element) return;
    let end: (() => void) | null = null;
    let isOver = false;
    openTerminal(element, { label, scrollback }).then((opened) => {
      if (isOver) return opened.close();
      end = opened.close;
      setShown(opened);
    }, setFailure);
    return () => {
      isOver = true;
      end?.();
      setShown(null);
    };
  }, [room, label, scrollback]);
  return shown;
}

async function openTerminal(
  element: HTMLElement,
  { label, scrollback }: { label: string; scrollback: number },
): Promise<SessionTerminal & { close: () => void }> {
  const terminal = await createTerminal({ ...readOnlyTerminal(), scrollback });
  terminal.open(element);
  showCursor(terminal);
  // Keys are the page's.
  terminal.attachCustomKeyEventHandler(() => false);
  terminal.textarea?.setAttribute("aria-label", label);
  const fit = () => fitFont(terminal, roomOf(element));
  const screen = new SessionScreen(terminal, { onSize: fit });
  const observer = new ResizeObserver(fit);
  observer.observe(element);
  const close = () => {
    observer.disconnect();
    terminal.dispose();
  };
  return { terminal, screen, close };
}

/** A terminal draws no cursor until it has had the focus. It gets it for no time, and who had it has it again. */
function showCursor(terminal: Terminal): void {
  const before = document.activeElement;
  terminal.focus();
  terminal.blur();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

function roomOf(element: HTMLElement): { width: number; height: number } {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element);
  return {
    width: element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
    height: element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom),
  };
}
