import { z } from "zod";
import type { OidcProviderConfig } from "../../../config.ts";
import { type Claims, PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";
import { discoverProvider, type ProviderMetadata } from "./metadata.ts";

const UserInfo = z.looseObject({ sub: z.string() });

export interface KnownClaims {
  /** Of the ID token. */
  claims: Claims;
  /** The claim `sub` that userinfo has to repeat. */
  subject: string;
  accessToken: string | null;
  /** What the provider says of itself, where it has been asked already. */
  metadata?: ProviderMetadata;
}

/**
 * Adds what the ID token leaves to the userinfo endpoint, as providers may (OpenID Connect Core 1.0, section 5.4); asks only
 * where the address or the groups are missing. What the ID token says counts.
 * @throws Error where the provider has such an endpoint and it gives no answer, or another person's.
 */
export async function withUserInfo(settings: OidcProviderConfig, known: KnownClaims): Promise<Claims> {
  const { subject, accessToken } = known;
  const claims = withoutNulls(known.claims);
  const isComplete = claims[settings.emailClaim] !== undefined && claims[settings.groupsClaim] !== undefined;
  if (isComplete || accessToken === null) return claims;
  const { userinfo_endpoint: endpoint } = known.metadata ?? (await discoverProvider(settings));
  if (endpoint === undefined) return claims;
  const response = await fetch(endpoint, {
    redirect: "error",
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
  });
  if (!response.ok) throw new Error(`the identity provider's userinfo answers ${response.status}`);
  const answered = UserInfo.parse(await response.json());
  // A mix-up would give one person another's groups (section 5.3.2).
  if (answered.sub !== subject) throw new Error("the identity provider's userinfo is another person's");
  return { ...withoutNulls(answered), ...claims };
}

/** null is a claim that is not there, and hides none of the other answer. */
function withoutNulls(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}
