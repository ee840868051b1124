import type { OidcProviderConfig } from "../../../config.ts";

/** The client in a header (RFC 6749, section 2.3.1): both are form-encoded first. */
export function basicCredentials({
  clientId,
  clientSecret,
}: Pick<OidcProviderConfig, "clientId" | "clientSecret">): string {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
}
