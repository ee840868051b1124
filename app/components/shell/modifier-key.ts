"use client";

import { useSyncExternalStore } from "react";

const nothing = () => () => undefined;
const isApple = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** The key that goes with K: `⌘` on Apple's keyboards, `Ctrl` on all others. */
export function useModifierKey(): "⌘" | "Ctrl" {
  return useSyncExternalStore(nothing, isApple, () => false) ? "⌘" : "Ctrl";
}
