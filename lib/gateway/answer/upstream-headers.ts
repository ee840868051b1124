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
const MAX_KNOWN_NAMES = 1000;
const droppedNames = new Map<string, boolean>();

/**
 * The headers of a cluster's answer as they go to the client, names and values in turn, duplicates and order kept. `raw`: bytes
 * as undici has them, or texts as Node has them.
 */
export function releasableHeaders(raw: readonly (Buffer | string)[]): string[] {
  const result: string[] = [];
  const nominated: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = textOf(raw[i]!);
    if (!isDropped(name)) {
      result.push(name, textOf(raw[i + 1]!));
    } else if (name.length === 10 && name.toLowerCase() === "connection") {
      nominated.push(...nominatedNames(textOf(raw[i + 1]!)));
    }
  }
  return nominated.length === 0 ? result : without(result, nominated);
}

function textOf(value: Buffer | string): string {
  return typeof value === "string" ? value : value.toString("latin1");
}

function isDropped(name: string): boolean {
  let dropped = droppedNames.get(name);
  if (dropped === undefined) {
    dropped = DROPPED.has(name.toLowerCase());
    if (droppedNames.size < MAX_KNOWN_NAMES) droppedNames.set(name, dropped);
  }
  return dropped;
}

function nominatedNames(connection: string): string[] {
  return connection
    .split(",")
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "" && token !== "keep-alive" && token !== "close" && token !== "upgrade");
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
  return without(headers, ["trailer"]);
}

type Headers = Record<string, string | string[] | undefined>;

/** As announced; null where the end is told otherwise. */
export function contentLengthOf(headers: Headers): number | null {
  const value = headers["content-length"];
  return typeof value === "string" ? Number(value) : null;
}

/** The first value of a header; empty where it is absent. */
export function textOfHeader(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
}

/** Trailers as undici has them, as names and values in turn. */
export function trailersOf(raw: unknown): string[] {
  return Array.isArray(raw) ? raw.map((value: Buffer | string) => textOf(value)) : [];
}
