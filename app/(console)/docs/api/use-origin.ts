"use client";

import { useSyncExternalStore } from "react";

const neverChanges = () => () => {};

/** The address that the page came from; empty while rendering on the server. */
export function useOrigin(): string {
  return useSyncExternalStore(
    neverChanges,
    () => window.location.origin,
    () => "",
  );
}
