"use client";

import { useEffect, useState } from "react";

/** The time, brought forward every `milliseconds`; null while rendering on the server. */
export function useNow(milliseconds = 30_000): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
  return now;
}
