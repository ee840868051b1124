import type { IncomingHttpHeaders } from "node:http";
import { KnownNames } from "./known-names.ts";

/** Of which Node keeps the first where a message has several (documentation of `message.headers`). */
const FIRST_COUNTS: ReadonlySet<string> = new Set([
  ...["age", "authorization", "content-length", "content-type", "etag", "expires", "from", "host"],
  ...["if-modified-since", "if-unmodified-since", "last-modified", "location", "max-forwards"],
  ...["proxy-authorization", "referer", "retry-after", "server", "user-agent"],
]);

const lowerNames = new KnownNames((name) => name.toLowerCase());

/** Headers by name, as `headers` of node:http's IncomingMessage has them. `raw`: names and values in turn. */
export function headerObject(raw: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = lowerNames.of(raw[i]!);
    const value = raw[i + 1]!;
    const before = headers[name];
    if (name === "set-cookie") {
      if (Array.isArray(before)) before.push(value);
      else headers[name] = [value];
    } else if (typeof before !== "string") headers[name] = value;
    else if (name === "cookie") headers[name] = `${before}; ${value}`;
    else if (!FIRST_COUNTS.has(name)) headers[name] = `${before}, ${value}`;
  }
  return headers;
}
