"use client";

import { useEffect } from "react";

const AGAIN_MS = 5_000;

/** Asks who is signed in until that is known again, then for the page anew. */
export function ReloadWhenBack() {
  useEffect(() => {
    const timer = setInterval(() => void reloadIfBack(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return null;
}

async function reloadIfBack(): Promise<void> {
  // Nobody there at all is no answer either: it is asked again.
  const response = await fetch("/api/v1/me", { cache: "no-store" }).catch(() => null);
  if (response !== null && response.status < 500) window.location.reload();
}
