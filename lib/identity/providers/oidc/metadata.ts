import { z } from "zod";
import { issuerName } from "../../../config/issuer.ts";

/** Longer than this nobody waits for a sign-in page. */
export const PROVIDER_TIMEOUT_MS = 5_000;

const ProviderMetadata = z.object({
  issuer: z.string(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  scopes_supported: z.array(z.string()).default([]),
});
type ProviderMetadata = z.infer<typeof ProviderMetadata>;

/**
 * What the identity provider says of itself (OpenID Connect Discovery 1.0, section 4). `issuer` is spelt as the provider does, which is
 * what its tokens say (section 4.3): `oidc.issuer` may differ from it by a trailing slash.
 * @throws Error where it does not answer, or calls itself something else.
 */
export async function discoverProvider(issuer: string): Promise<ProviderMetadata> {
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  });
  const discovered = ProviderMetadata.parse(await response.json());
  if (issuerName(discovered.issuer) === issuerName(issuer)) return discovered;
  throw new Error(`the identity provider calls itself ${discovered.issuer}, and oidc.issuer is ${issuer}`);
}
