import { KnownNames } from "../../wire/http1/known-names.ts";

/** Whether a client's header goes on to the cluster. */
type Treatment = "forward" | "drop";

/** Hop-by-hop (RFC 9110 §7.6.1) or set anew for the next hop. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["http2-settings", "proxy-authenticate", "proxy-authorization", "host", "expect"],
  // May hold the access token (subprotocols.ts), also in a request that is no handshake; upgrade-request.ts sends on the rest.
  "sec-websocket-protocol",
]);

/** Who the client says it is, or stands in for: the gateway alone says that to a cluster. */
const IDENTITY_HEADERS: ReadonlySet<string> = new Set([
  ...[
    "authorization",
    "cookie",
    "cookie2",
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "x-client-ip",
    "audit-id",
  ],
  ...["x-client-cert", "client-cert", "client-cert-chain", "x-original-url", "x-rewrite-url"],
]);
const IDENTITY_PREFIXES = ["impersonate-", "x-remote-", "x-forwarded-", "x-ssl-", "x-auth-"] as const;

/** Clients send the same few dozen names in the same letters. */
const treatments = new KnownNames(classify);

/**
 * What of a client's headers goes on to the cluster, as a flat list of names and values in their order and letters. Names
 * that `Connection` nominates are dropped too. This runs before the gateway's own headers are set, so that nothing a client
 * nominates can take one of those away (CVE-2021-31999).
 */
export function forwardableHeaders(rawHeaders: readonly string[]): string[] {
  const nominated = nominatedNames(rawHeaders);
  const result: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (treatments.of(name) === "drop") continue;
    if (nominated?.has(name.toLowerCase())) continue;
    result.push(name, rawHeaders[i + 1]!);
  }
  return result;
}

function classify(name: string): Treatment {
  // Some servers read "_" as "-"; a name that would become an identity header there is one.
  const plain = name.toLowerCase().replaceAll("_", "-");
  if (CONNECTION_HEADERS.has(plain) || IDENTITY_HEADERS.has(plain)) return "drop";
  return IDENTITY_PREFIXES.some((prefix) => plain.startsWith(prefix)) ? "drop" : "forward";
}

function nominatedNames(rawHeaders: readonly string[]): Set<string> | null {
  let names: Set<string> | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    for (const token of rawHeaders[i + 1]!.split(",")) {
      const plain = token.trim().toLowerCase();
      if (plain === "" || plain === "keep-alive" || plain === "close" || plain === "upgrade") continue;
      names ??= new Set();
      names.add(plain);
    }
  }
  return names;
}
