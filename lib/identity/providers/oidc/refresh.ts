import { z } from "zod";
import type { OidcProviderConfig } from "../../../config.ts";
import { log } from "../../../log.ts";
import { type Claims, PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";
import { basicCredentials } from "./basic-credentials.ts";
import type { ProviderMetadata } from "./metadata.ts";
import { type KnownClaims, withUserInfo } from "./user-info.ts";

/** What the identity provider answers to a refresh token. */
export type Redeemed =
  | { kind: "tokens"; refreshToken: string | null; idToken: string | null; accessToken: string | null }
  /** It vouches no more: the person is disabled, or took their consent back. */
  | { kind: "withdrawn"; reason: string };

const Tokens = z.object({
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  access_token: z.string().optional(),
});
const OAuthError = z.object({ error: z.string(), error_description: z.string().optional() });
const IdTokenClaims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
});

/**
 * Redeems a refresh token (OpenID Connect Core 1.0, section 12) to learn whether the person may still sign in. It may be spent by that:
 * what comes back has to be kept before anything else is done with it.
 * @throws Error where the provider gives no clear answer: that says nothing of the person.
 */
export async function redeemRefreshToken(
  settings: OidcProviderConfig,
  { metadata, refreshToken }: { metadata: ProviderMetadata; refreshToken: string },
): Promise<Redeemed> {
  const response = await fetch(metadata.token_endpoint, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    headers: { authorization: basicCredentials(settings), accept: "application/json" },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken }),
  });
  const body: unknown = await response.json();
  if (response.ok) {
    const { refresh_token = null, id_token = null, access_token = null } = Tokens.parse(body);
    return { kind: "tokens", refreshToken: refresh_token, idToken: id_token, accessToken: access_token };
  }
  const { error, error_description } = OAuthError.parse(body);
  if (error === "invalid_grant") return { kind: "withdrawn", reason: error_description ?? error };
  throw new Error(`the identity provider answers ${response.status} ${error}`);
}

/** The tokens of one answer, and whose they have to be. */
interface AnsweredTokens extends Pick<Extract<Redeemed, { kind: "tokens" }>, "idToken" | "accessToken"> {
  metadata: ProviderMetadata;
  subject: string;
}

/**
 * What the tokens say of the person, as far as they do.
 * @throws Error where they are another person's.
 */
export async function readClaims(
  settings: OidcProviderConfig,
  { idToken, accessToken, metadata, subject }: AnsweredTokens,
): Promise<Claims> {
  const { issuer } = metadata;
  const claims =
    idToken === null ? {} : readIdToken(idToken, { clientId: settings.clientId, issuer, subject });
  return completeClaims(settings, { claims, subject, accessToken, metadata });
}

/** What userinfo does not say now has not changed. */
async function completeClaims(settings: OidcProviderConfig, known: KnownClaims): Promise<Claims> {
  try {
    return await withUserInfo(settings, known);
  } catch (error) {
    log.warn({ err: error }, "a person's groups could not be learnt from userinfo; they stay as they are");
    return known.claims;
  }
}

/** It came from the token endpoint itself, whose TLS stands for the signature (section 3.1.3.7, 6). */
function readIdToken(
  token: string,
  { clientId, issuer, subject }: { clientId: string; issuer: string; subject: string },
): Claims {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  const claims = IdTokenClaims.parse(JSON.parse(payload));
  const audience = [claims.aud].flat();
  if (claims.iss !== issuer || claims.sub !== subject || !audience.includes(clientId)) {
    throw new Error("the identity provider answers with another person's ID token");
  }
  return claims;
}
