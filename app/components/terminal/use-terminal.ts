"use client";

import "@xterm/xterm/css/xterm.css";
import type { ITerminalOptions, Terminal } from "@xterm/xterm";
import { type RefObject, useEffect, useState } from "react";
import { fitFont } from "./fit-font.ts";
import { limitParameters } from "./limit-parameters.ts";
import { readOnlyTerminal } from "./terminal-look.ts";
import { TerminalScreen } from "./terminal-screen.ts";

export interface ShownTerminal {
  terminal: Terminal;
  screen: TerminalScreen;
}

/** A terminal in an element, as large as there is room for; null until it is there. The library is loaded when it is first needed. */
export function useTerminal(
  room: RefObject<HTMLElement | null>,
  { label, scrollback }: { label: string; scrollback: number },
): ShownTerminal | null {
  const [shown, setShown] = useState<ShownTerminal | null>(null);
  useEffect(() => {
    const element = room.current;
    if (!element) return;
    let end: (() => void) | null = null;
    let isOver = false;
    void openTerminal(element, { label, scrollback }).then((opened) => {
      if (isOver) return opened.close();
      end = opened.close;
      setShown(opened);
    });
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
): Promise<ShownTerminal & { close: () => void }> {
  const options: ITerminalOptions = { ...readOnlyTerminal(), scrollback };
  // Cells are measured once: with the font that they will be drawn in.
  const [{ Terminal }] = await Promise.all([
    import("@xterm/xterm"),
    document.fonts.load(`12px ${options.fontFamily}`).catch(() => []),
  ]);
  const terminal = new Terminal(options);
  limitParameters(terminal);
  terminal.open(element);
  showCursor(terminal);
  // Keys are the page's.
  terminal.attachCustomKeyEventHandler(() => false);
  terminal.textarea?.setAttribute("aria-label", label);
  const fit = () => fitFont(terminal, roomOf(element));
  const screen = new TerminalScreen(terminal, { onSize: fit });
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
