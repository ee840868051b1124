"use client";

import { Button } from "./button.tsx";

/** Asks for the page anew: what failed on the server is not made again by drawing it anew. */
export function ReloadButton() {
  return <Button onClick={() => window.location.reload()}>Try again</Button>;
}
