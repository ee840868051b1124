"use client";

import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus into a drawer when it opens, so that what it says is read and reached, and back to where it was opened from when it closes.
 * A field that is being typed in keeps the focus, and so does a page that was opened with its drawer: nobody did anything there yet. A row that
 * is not drawn any more gives it to the list that it was in.
 */
export function useDrawerFocus(drawer: RefObject<HTMLElement | null>): void {
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const element = drawer.current;
    opener.current = document.activeElement;
    if (navigator.userActivation.hasBeenActive && !isTyping(opener.current))
      element?.focus({ preventScroll: true });
    return () => {
      const isInside = element?.contains(document.activeElement) || document.activeElement === document.body;
      if (isInside) focusAgain(opener.current);
    };
  }, [drawer]);
}

function focusAgain(opener: Element | null): void {
  const list = document.querySelector<HTMLElement>("[data-list]");
  const row = list?.querySelector<HTMLElement>("tr[aria-selected=true]");
  const target =
    opener instanceof HTMLElement && opener !== document.body && opener.isConnected ? opener : null;
  (row ?? target ?? list)?.focus({ preventScroll: true });
}

function isTyping(element: Element | null): boolean {
  return element instanceof HTMLElement && ["INPUT", "TEXTAREA"].includes(element.tagName);
}
