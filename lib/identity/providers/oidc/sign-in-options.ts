import type { OAuthConfig } from "next-auth/providers/oauth";
import type { OidcProviderConfig } from "../../../config.ts";
import { type Claims, type ProviderAttempt, ProviderUnreachable } from "../provider/identity-provider.ts";
import { discoverProvider, type ProviderMetadata } from "./metadata.ts";
import { scopesToAskFor } from "./scopes.ts";

/**
 * next-auth's options for one attempt: authorization code with PKCE and nonce. They are made of metadata that is read here, and not by
 * next-auth: so the scopes are what the provider lists, and what does not answer is known by its name.
 */
export async function signInOptions(
  settings: OidcProviderConfig,
  attempt: ProviderAttempt,
): Promise<OAuthConfig<Claims>> {
  const metadata = await discoverProvider(settings).catch((cause: unknown) => {
    throw new ProviderUnreachable(settings.id, cause);
  });
  attempt.onSignOutAddress(settings.signOutAtProvider ? (metadata.end_session_endpoint ?? null) : null);
  // Only the address that a sign-in goes to names them.
  const scope = attempt.step === "begin" ? scopesToAskFor(settings, metadata) : "openid";
  return {
    id: settings.id,
    name: settings.name,
    type: "oauth",
    issuer: metadata.issuer,
    jwks_endpoint: metadata.jwks_uri,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: { url: metadata.authorization_endpoint, params: { scope, state: attempt.id } },
    token: { url: metadata.token_endpoint, request: tokenRequest(metadata, attempt) },
    idToken: true,
    checks: ["pkce", "nonce"],
    profile: (claims) => {
      const subject = String(claims.sub ?? "");
      const name = typeof claims.email === "string" ? claims.email : subject;
      attempt.onClaimed(name);
      return { id: subject, email: name };
    },
  };
}

type TokenRequest = Extract<NonNullable<OAuthConfig<Claims>["token"]>, { request?: unknown }>["request"];

/**
 * The state names the attempt, whose cookies carry the verifier and the nonce: next-auth keeps one state a browser, so it is checked here,
 * where next-auth lets the code be redeemed.
 */
function tokenRequest(metadata: ProviderMetadata, { id, onRefusal }: ProviderAttempt): TokenRequest {
  return async ({ client, params, checks, provider }) => {
    try {
      requireIssuer(metadata, params.iss);
      return { tokens: await client.callback(provider.callbackUrl, params, { ...checks, state: id }) };
    } catch (error) {
      onRefusal((error as Error).message);
      throw error;
    }
  };
}

/**
 * The answer names who gives it, wherever the provider says that it does (RFC 9207): one provider cannot make another's answer pass for its
 * own (RFC 9700, section 4.4).
 */
function requireIssuer(
  { issuer, authorization_response_iss_parameter_supported: isSent }: ProviderMetadata,
  iss: unknown,
): void {
  if (iss === undefined && !isSent) return;
  if (iss !== issuer) {
    const got = iss === undefined ? "names no issuer" : "names another issuer";
    throw new Error(`the answer ${got} (iss), and ${issuer} was asked: it may be another provider's`);
  }
}
