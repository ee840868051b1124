import { writePreference } from "../preference-cookie.ts";

/** Which announcement the viewer has hidden; the server reads it, so that it does not show for a moment. */
export const HIDDEN_BANNER_COOKIE = "kubewitness-hidden-banner";

const ONE_DAY = 24 * 60 * 60;

/** Hides one text in this browser for a day. Another text shows. */
export function hideBanner(text: string): void {
  writePreference(HIDDEN_BANNER_COOKIE, bannerKey(text), ONE_DAY);
}

/** FNV-1a, 32 bits: a cookie has no room for the text, and nothing rests on it but what is shown. */
export function bannerKey(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}
