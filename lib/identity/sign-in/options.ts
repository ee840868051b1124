import { randomBytes } from "node:crypto";
import type { Account, AuthOptions } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { issuerInEffect } from "../../config/issuer.ts";
import { config, type OidcConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import { readIdentity } from "../providers/oidc/claims.ts";
import { scopesToAskFor } from "../providers/oidc/scopes.ts";
import { withUserInfo } from "../providers/oidc/user-info.ts";
import { SESSION_LIFETIME_SECONDS, sessionCookieName } from "../sessions/token.ts";
import { createAdapter } from "./adapter.ts";
import { attempt, currentAttempt } from "./attempt.ts";
import { attemptCookies } from "./attempt-cookies.ts";
import { admitPerson } from "./mutations.ts";
import { SignInRefused } from "./refused.ts";
import { pathHere } from "./return-path.ts";

export const PROVIDER_ID = "oidc";
const SIGN_IN_PAGE = "/signin";

export interface AuthRequest {
  /** Whether a sign-in begins. */
  isSignIn: boolean;
  attemptId: string | null;
}

/** next-auth's options for the configured identity provider and one request. */
export async function createAuthOptions({ isSignIn, attemptId }: AuthRequest): Promise<AuthOptions> {
  const { publicUrl, auth, oidc } = config();
  if (!oidc) {
    throw new AppError("unavailable", "No identity provider is configured: set oidc.issuer (OIDC_ISSUER).");
  }
  // Only the address that a sign-in goes to names them.
  const scope = isSignIn ? await scopesToAskFor(oidc) : "openid";
  const secure = publicUrl.startsWith("https://");
  return {
    secret: auth.secret,
    adapter: createAdapter(),
    providers: [createProvider(oidc, { scope, attemptId })],
    pages: { signIn: SIGN_IN_PAGE, signOut: SIGN_IN_PAGE, error: SIGN_IN_PAGE },
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(publicUrl),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
      ...(attemptId === null ? {} : attemptCookies(attemptId, { secure })),
    },
    session: {
      strategy: "database",
      maxAge: SESSION_LIFETIME_SECONDS,
      updateAge: SESSION_LIFETIME_SECONDS,
      generateSessionToken: () => randomBytes(32).toString("base64url"),
    },
    callbacks: {
      signIn: ({ account, profile }) => admit(oidc, account, profile),
      redirect: ({ url, baseUrl }) => new URL(pathHere(url, baseUrl), baseUrl).href,
    },
    logger: {
      error: reportFailure,
      warn: (code) => log.debug({ code }, "sign-in warning"),
      debug: () => {},
    },
  };
}

interface ProviderRequest {
  scope: string;
  attemptId: string | null;
}

function createProvider(
  oidc: OidcConfig,
  { scope, attemptId }: ProviderRequest,
): OAuthConfig<Record<string, unknown>> {
  const state = attemptId ?? undefined;
  return {
    id: PROVIDER_ID,
    name: "single sign-on",
    type: "oauth",
    wellKnown: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope, state } },
    // The state names the attempt, whose cookies carry the verifier and the nonce: next-auth keeps one state a browser.
    token: {
      request: async ({ client, params, checks, provider }) => ({
        tokens: await client.callback(provider.callbackUrl, params, { ...checks, state }),
      }),
    },
    idToken: true,
    checks: ["pkce", "nonce"],
    profile: (claims) => {
      attempt().claimed = typeof claims.email === "string" ? claims.email : String(claims.sub ?? "");
      return { id: String(claims.sub ?? ""), email: attempt().claimed };
    },
  };
}

/** true, or where to go instead. Never throws: next-auth would put the text into the address. */
async function admit(
  oidc: OidcConfig,
  account: Account | null,
  profile: object | undefined,
): Promise<true | string> {
  try {
    const identity = await identityOf(oidc, account, profile);
    attempt().claimed = identity.email;
    const refreshToken = account?.refresh_token ?? null;
    await admitPerson({ ctx: attempt().ctx, input: { provider: PROVIDER_ID, identity, refreshToken } });
    return true;
  } catch (error) {
    const expected = error instanceof SignInRefused;
    if (!expected) log.error({ err: error }, "a sign-in failed");
    attempt().failures.push(expected ? error.message : "the sign-in could not be stored");
    return `${SIGN_IN_PAGE}?error=${expected ? error.code : "Callback"}`;
  }
}

async function identityOf(oidc: OidcConfig, account: Account | null, profile: object | undefined) {
  try {
    const claims: Record<string, unknown> = { ...profile };
    const accessToken = account?.access_token ?? null;
    const complete = await withUserInfo(oidc, { claims, subject: String(claims.sub), accessToken });
    return readIdentity(complete, { oidc, issuer: issuerInEffect(config()) });
  } catch (error) {
    throw new SignInRefused("Claims", (error as Error).message);
  }
}

function reportFailure(code: string, metadata: unknown): void {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown })?.error;
  const text = recordableText(error instanceof Error ? error.message : code);
  log.warn({ code, reason: text }, "the sign-in service reports a failure");
  currentAttempt.getStore()?.failures.push(text);
}
