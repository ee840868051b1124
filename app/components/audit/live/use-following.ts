"use client";

import { useEffect, useRef } from "react";

/** Under steady traffic the numbers around the table are read anew this often, counted from when they were asked for last. */
const LEAST_PAUSE_MS = 1_500;
/** Without any traffic the clock goes on, too: the line at now, and a window that ends now. */
const LONGEST_PAUSE_MS = 20_000;

/**
 * Keeps the numbers around the table up with the rows while watching: soon after a message, never more often than `LEAST_PAUSE_MS`, and
 * never before the last ones are there, so that neither steady traffic nor a slow database makes them stand still.
 */
export function useFollowing({
  on,
  messages,
  isLoading,
  follow,
}: {
  on: boolean;
  messages: number;
  /** The numbers are on their way. */
  isLoading: boolean;
  follow: () => void;
}): void {
  const followed = useRef({ messages: 0, at: 0 });
  useEffect(() => {
    if (!on || isLoading) return;
    const pause = messages === followed.current.messages ? LONGEST_PAUSE_MS : LEAST_PAUSE_MS;
    const timer = setTimeout(
      () => {
        followed.current = { messages, at: Date.now() };
        follow();
      },
      Math.max(0, followed.current.at + pause - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [on, messages, isLoading, follow]);
}
