import { z } from "zod";
import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";

const ProviderMetadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional().catch(undefined),
  scopes_supported: z.array(z.string()).default([]),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
export type ProviderMetadata = z.infer<typeof ProviderMetadata>;

/**
 * What the identity provider says of itself (OpenID Connect Discovery 1.0, section 4). `issuer` is spelt as the provider does, which is
 * what its tokens say (section 4.3): the configured one may differ from it by a trailing slash.
 * @throws Error where it does not answer, or calls itself something else.
 */
export async function discoverProvider(settings: OidcProviderConfig): Promise<ProviderMetadata> {
  const { issuer } = settings;
  const response = await fetch(`${issuerName(issuer)}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`its openid-configuration answers ${response.status}`);
  const discovered = ProviderMetadata.parse(await response.json());
  if (issuerName(discovered.issuer) === issuerName(issuer)) return discovered;
  throw new Error(
    `the identity provider calls itself ${discovered.issuer}, and ${nameProviderSetting(settings, "issuer")} is ${issuer}`,
  );
}
