"use client";

import { useEffect, useRef } from "react";
import { isComposing } from "../../is-composing.ts";
import { isCharacterKey, keyOf } from "./key-of.ts";
import { useShortcutsEnabled } from "./shortcuts-enabled.ts";

/** What a key does; the key as `KeyboardEvent.key` names it. */
export type Shortcuts = Record<string, () => void>;

/**
 * Single keys for the whole page. Off while typing and while a dialog is open. Where the viewer turned single keys off, those that write
 * characters are off; arrows, Enter and Escape go on, so that every row can be reached and opened (WCAG 2.1.1).
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const [enabled] = useShortcutsEnabled();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event) || event.metaKey || event.ctrlKey || event.altKey)
        return;
      if (isTyping(event.target) || isInLayer(event.target)) return;
      const key = keyOf(event);
      const action = latest.current[key];
      if (!action || (!enabled && isCharacterKey(key))) return;
      // Enter and Space belong to the control that has the focus.
      if ((event.key === "Enter" || event.key === " ") && isControl(event.target)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A terminal that only shows has a field for the browser's copying.
  if (target instanceof HTMLTextAreaElement && target.readOnly) return false;
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
