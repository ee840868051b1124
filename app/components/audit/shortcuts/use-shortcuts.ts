"use client";

import { useEffect, useRef } from "react";
import { useShortcutsEnabled } from "./shortcuts-enabled.ts";

/** What a key does; the key as `KeyboardEvent.key` names it. */
export type Shortcuts = Record<string, () => void>;

/** Single keys for the whole page. Off while typing, while a dialog is open, and where the viewer turned them off. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const [enabled] = useShortcutsEnabled();
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || isInLayer(event.target)) return;
      const action = latest.current[event.key];
      if (!action) return;
      // Enter and Space belong to the control that has the focus.
      if (event.key === "Enter" && isControl(event.target)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, [role=option], [role=tab]") !== null;
}

function isInLayer(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null
  );
}
