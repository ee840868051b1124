"use client";

import { useBrowserFlag } from "../../use-browser-flag.ts";

/** Whether single keys do things (WCAG 2.1.4: they can be turned off). Kept in this browser. */
export const useShortcutsEnabled = () => useBrowserFlag("kubewitness-shortcuts", true);
