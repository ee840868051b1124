"use client";

import { type RefObject, useEffect, useState } from "react";
import { showFailure } from "../../../../../components/toaster.tsx";

/** An element that can have the whole screen. */
export function useFullScreen(element: RefObject<HTMLElement | null>): {
  isFull: boolean;
  toggle: () => void;
} {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const onChange = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", onChange);
    return () => document.removeEventListener("fullscreenchange", onChange);
  }, []);
  async function toggle() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await element.current?.requestFullscreen();
    } catch {
      showFailure("No full screen", "The browser did not allow it. Its own key for it is most often F11.");
    }
  }
  return { isFull, toggle: () => void toggle() };
}
