"use client";

import { useEffect, useState } from "react";

/** When the page was opened in the browser; null while rendering on the server, whose clock is another. */
export function useStartedAt(): number | null {
  const [started, setStarted] = useState<number | null>(null);
  useEffect(() => setStarted(Date.now()), []);
  return started;
}
