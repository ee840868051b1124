import { UNATTENDED_HEADER } from "../../lib/identity/sessions/schema.ts";

/** Nobody has touched the page for so long: what it asks for from now on, it asks for by itself. */
const LEFT_AFTER_MS = 2 * 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let touchedAt = Date.now();

if (typeof window !== "undefined") {
  const touch = () => {
    touchedAt = Date.now();
  };
  for (const sign of SIGNS) window.addEventListener(sign, touch, { capture: true, passive: true });
}

/**
 * Headers for a request: whether somebody is at the page. A console session ends while nobody uses it, and what pages ask for by themselves
 * is no use.
 */
export function attendance(): Record<string, string> {
  return Date.now() - touchedAt < LEFT_AFTER_MS ? {} : { [UNATTENDED_HEADER]: "1" };
}
