"use client";

import { useRequestNotice } from "./use-request-notice.ts";

/** `2 open`: how many requests wait for the viewer's answer; nothing where none does. */
export function RequestCount() {
  const count = useRequestNotice()?.toAnswer ?? 0;
  if (count === 0) return null;
  return (
    <span className="nav-count">
      <i aria-hidden />
      {count} open
    </span>
  );
}
