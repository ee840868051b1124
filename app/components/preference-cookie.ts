const ONE_YEAR = 365 * 24 * 60 * 60;

/** The time zone that the viewer chose; absent while the browser's own is followed. */
export const TIME_ZONE_COOKIE = "kubewitness-time-zone";

/** Keeps a choice of the viewer's in a cookie that the server reads too, for a year or as many seconds; null forgets it. Never for secrets. */
export function writePreference(name: string, value: string | null, seconds = ONE_YEAR): void {
  const age = value === null ? 0 : seconds;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that is served
  document.cookie = `${name}=${encodeURIComponent(value ?? "")}; path=/; max-age=${age}; samesite=lax`;
}
