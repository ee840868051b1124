import { z } from "zod";
import { PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";
import type { ProviderMetadata } from "./metadata.ts";

const Keys = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })),
});
export type SigningKey = z.infer<typeof Keys>["keys"][number];

/**
 * The keys that the provider signs with (RFC 7517).
 * @throws Error where it gives none.
 */
export async function fetchSigningKeys({
  jwks_uri,
}: Pick<ProviderMetadata, "jwks_uri">): Promise<SigningKey[]> {
  const response = await fetch(jwks_uri, {
    redirect: "error",
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`its keys answer ${response.status}`);
  const keys = Keys.parse(await response.json()).keys.filter(({ use }) => use !== "enc");
  if (keys.length === 0) throw new Error("it publishes no key that signs");
  return keys;
}
