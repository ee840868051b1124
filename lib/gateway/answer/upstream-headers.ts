import { KnownNames } from "../../wire/http1/known-names.ts";

/**
 * What of a cluster's answer does not go on: hop-by-hop headers (RFC 9110 §7.6.1), and what would speak for the gateway's
 * own origin, which the console shares.
 */
const DROPPED: ReadonlySet<string> = new Set([
  ...[
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "te",
    "transfer-encoding",
    "upgrade",
  ],
  ...[
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "clear-site-data",
    "alt-svc",
    "public-key-pins",
  ],
]);
const dropped = new KnownNames((name) => DROPPED.has(name.toLowerCase()));

/** The headers of a cluster's answer as they go to the client, names and values in turn, duplicates and order kept. */
export function releasableHeaders(raw: readonly string[]): string[] {
  const result: string[] = [];
  let nominated: string[] | null = null;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    if (!dropped.of(name)) {
      result.push(name, raw[i + 1]!);
    } else if (name.length === 10 && name.toLowerCase() === "connection") {
      nominated = [...(nominated ?? []), ...nominatedNames(raw[i + 1]!)];
    }
  }
  return nominated === null ? result : without(result, nominated);
}

/** Of a length nothing can be said to this connection alone: without it the client would not find the answer's end. */
const NO_NAMES: ReadonlySet<string> = new Set(["", "keep-alive", "close", "upgrade", "content-length"]);

function nominatedNames(connection: string): string[] {
  return connection
    .split(",")
    .map((token) => token.trim().toLowerCase())
    .filter((token) => !NO_NAMES.has(token));
}

function without(headers: string[], names: string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.includes(headers[i]!.toLowerCase())) result.push(headers[i]!, headers[i + 1]!);
  }
  return result;
}

/** Trailers that are announced where there is no room for them are no HTTP, and Node sends nothing at all then. */
export function withoutTrailerHeader(headers: string[]): string[] {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.length === 7 && headers[i]!.toLowerCase() === "trailer")
      return without(headers, ["trailer"]);
  }
  return headers;
}
