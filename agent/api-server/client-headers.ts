/** Of one connection only (RFC 9110, section 7.6.1), but for what an upgrade and the body's form need. */
const OF_THE_CONNECTION = [
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
];
/** Who a call is by is the agent's token, with what the gateway impersonates: nothing else that an API server reads as identity. */
const IDENTITY = /^(?:authorization|cookie|x-remote-.*|x-forwarded-client-cert|x-client-cert)$/;

/**
 * The headers of a call from the gateway as they go to the API server, name and value in turn as `rawHeaders` has them: with the agent's
 * token as their one proof. `Impersonate-*` is the gateway's to say.
 */
export function requestHeaders(
  raw: readonly string[],
  { token, host }: { token: string; host: string },
): string[] {
  const kept = pairs(raw).filter(([name]) => {
    const lower = name.toLowerCase();
    return lower !== "host" && !OF_THE_CONNECTION.includes(lower) && !IDENTITY.test(lower);
  });
  return ["Host", host, "Authorization", `Bearer ${token}`, ...kept.flat()];
}

/** The headers of an API server's answer as they go to the gateway. */
export function responseHeaders(raw: readonly string[]): string[] {
  return pairs(raw)
    .filter(([name]) => !OF_THE_CONNECTION.includes(name.toLowerCase()))
    .flat();
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!]);
}
