const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether one can sign in at the address that the browser shows. The identity provider leads back to the console's own address alone, where
 * the cookies of another are not sent.
 * @returns `move`: the same machine by another of its own names; `elsewhere`: another address.
 */
export function signInAt({
  origin,
  publicUrl,
}: {
  origin: string;
  publicUrl: string;
}): "here" | "move" | "elsewhere" {
  if (origin === publicUrl) return "here";
  const [shown, own] = [new URL(origin), new URL(publicUrl)];
  return LOOPBACK.has(shown.hostname) && LOOPBACK.has(own.hostname) ? "move" : "elsewhere";
}
