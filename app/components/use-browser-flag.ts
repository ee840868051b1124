"use client";

import { useCallback, useSyncExternalStore } from "react";

const CHANGED = "kubewitness-flag-changed";

/** A choice of on or off that is kept in this browser, the same in all its windows. `usual`: where nobody chose. */
export function useBrowserFlag(key: string, usual: boolean): [boolean, (isOn: boolean) => void] {
  const read = () => {
    const kept = window.localStorage.getItem(key);
    return kept === null ? usual : kept === "on";
  };
  const isOn = useSyncExternalStore(subscribe, read, () => usual);
  const set = useCallback(
    (next: boolean) => {
      window.localStorage.setItem(key, next ? "on" : "off");
      window.dispatchEvent(new Event(CHANGED));
    },
    [key],
  );
  return [isOn, set];
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener("storage", listener);
  };
}
