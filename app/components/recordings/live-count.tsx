"use client";

import { useRunningSessions } from "./use-running-sessions.ts";

const ASK_MS = 15_000;

/** `2 live`: how many sessions run now; nothing where none does. For those who may watch them. */
export function LiveCount() {
  const count = useRunningSessions(ASK_MS).data?.sessions.length ?? 0;
  if (count === 0) return null;
  return (
    <span className="nav-count">
      <i aria-hidden />
      {count} live
    </span>
  );
}
