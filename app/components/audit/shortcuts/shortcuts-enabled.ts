"use client";

import { useCallback, useSyncExternalStore } from "react";

const KEY = "kubewitness-shortcuts";
const CHANGED = "kubewitness-shortcuts-changed";

/** Whether single keys do things (WCAG 2.1.4: they can be turned off). Kept in this browser. */
export function useShortcutsEnabled(): [boolean, (enabled: boolean) => void] {
  const enabled = useSyncExternalStore(subscribe, read, () => true);
  const set = useCallback((next: boolean) => {
    window.localStorage.setItem(KEY, next ? "on" : "off");
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [enabled, set];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener("storage", listener);
  };
}

const read = () => window.localStorage.getItem(KEY) !== "off";
