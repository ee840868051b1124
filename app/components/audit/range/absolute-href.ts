import { instantText, type ResolvedRange } from "./time-range.ts";

/** The address of what is shown, with the range by the clock: "today" and "the last hour" would be others on another day. */
export function absoluteHref(href: string, range: ResolvedRange): string {
  const url = new URL(href);
  url.searchParams.set("from", instantText(range.from));
  url.searchParams.set("to", instantText(range.to));
  // A range that has ended has nothing to watch.
  url.searchParams.delete("live");
  return url.href;
}
