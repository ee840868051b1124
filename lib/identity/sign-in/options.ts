import type { Account, AuthOptions } from "next-auth";
import type { Adapter } from "next-auth/adapters";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { log } from "../../log.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import type { ProviderAttempt } from "../providers/provider/identity-provider.ts";
import type { SessionAtProvider } from "../sessions/at-provider.ts";
import { sessionCookieName, sessionLifetimeSeconds } from "../sessions/token.ts";
import { baseAdapter, signInAdapter, signOutAdapter } from "./adapter.ts";
import type { Attempt } from "./attempt.ts";
import { attemptCookies } from "./attempt-cookies.ts";
import { newSessionToken, sessionCookieOptions } from "./begin-session.ts";
import { admitPerson } from "./mutations.ts";
import { SignInRefused } from "./refused.ts";
import { SIGN_IN_PAGE } from "./sign-in-page.ts";

/**
 * next-auth's options for one step of one attempt, with the one provider that it is with.
 * @throws ProviderUnreachable
 */
export async function signInOptions(attempt: Attempt, step: ProviderAttempt["step"]): Promise<AuthOptions> {
  const { id, provider } = attempt;
  const secure = isSecure();
  const options = commonOptions(signInAdapter(attempt));
  const signIn = await provider.signInWith({
    id,
    step,
    onClaimed: (name) => {
      attempt.claimed = name;
    },
    onRefusal: (reason) => {
      attempt.failure = recordableText(reason);
    },
    onSignOutAddress: (address) => {
      attempt.signOutAddress = address;
    },
  });
  const { pkceCodeVerifier, nonce } = attemptCookies({ id, provider: provider.id }, { secure });
  return {
    ...options,
    providers: [signIn],
    cookies: { ...options.cookies, pkceCodeVerifier, nonce },
    callbacks: { ...options.callbacks, signIn: ({ account, profile }) => admit(attempt, account, profile) },
  };
}

/** next-auth's options for its CSRF token: with no provider, and nobody's session is touched. */
export function csrfOptions(): AuthOptions {
  return commonOptions(baseAdapter());
}

/** next-auth's options for signing out, which is with no provider. */
export function signOutOptions(ctx: Context, onFailure: (error: unknown) => void): AuthOptions {
  return commonOptions(signOutAdapter(ctx, onFailure));
}

const isSecure = () => config().publicUrl.startsWith("https://");

function commonOptions(adapter: Adapter): AuthOptions {
  const { publicUrl, auth } = config();
  return {
    secret: auth.secret,
    adapter,
    providers: [],
    pages: { signIn: SIGN_IN_PAGE, signOut: SIGN_IN_PAGE, error: SIGN_IN_PAGE },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: {
        name: sessionCookieName(publicUrl),
        options: sessionCookieOptions(publicUrl),
      },
    },
    session: {
      strategy: "database",
      maxAge: sessionLifetimeSeconds(),
      updateAge: sessionLifetimeSeconds(),
      generateSessionToken: newSessionToken,
    },
    // Where a sign-in leads is kept on the server (return-path.ts): next-auth would write it into a cookie.
    callbacks: { redirect: ({ baseUrl }) => baseUrl },
    // One logger for all requests: what it is told goes to the log alone.
    logger: {
      error: reportFailure,
      warn: (code) => log.debug({ code }, "sign-in warning"),
      debug: () => {},
    },
  };
}

/** true, or where to go instead. Never throws: next-auth would put the text into the address. */
async function admit(
  attempt: Attempt,
  account: Account | null,
  profile: object | undefined,
): Promise<true | string> {
  const { ctx, provider } = attempt;
  try {
    const identity = await identify(attempt, account, profile);
    attempt.claimed = identity.email;
    const refreshToken = account?.refresh_token ?? null;
    await admitPerson({ ctx, input: { provider, identity, refreshToken } });
    attempt.atProvider = sessionAtProvider(attempt, account, profile);
    return true;
  } catch (error) {
    const expected = error instanceof SignInRefused;
    if (!expected) log.error({ err: error }, "a sign-in failed");
    attempt.failure = expected ? error.message : "the sign-in could not be stored";
    return `${SIGN_IN_PAGE}?error=${expected ? error.code : "Callback"}`;
  }
}

/** A longer ID token is left out of the address to sign out at: servers take no longer ones. */
const MOST_HINT_CHARACTERS = 4_096;
const MOST_SESSION_ID_CHARACTERS = 500;

function sessionAtProvider(
  { signOutAddress: address }: Attempt,
  account: Account | null,
  profile: object | undefined,
): SessionAtProvider {
  const { sid } = { ...profile } as { sid?: unknown };
  const idToken = account?.id_token ?? null;
  const isShort = idToken !== null && idToken.length <= MOST_HINT_CHARACTERS;
  return {
    id: typeof sid === "string" && sid.length <= MOST_SESSION_ID_CHARACTERS ? sid : null,
    signOut: address === null ? null : { address, idToken: isShort ? idToken : null },
  };
}

async function identify({ provider }: Attempt, account: Account | null, profile: object | undefined) {
  try {
    return await provider.identify({ claims: { ...profile }, accessToken: account?.access_token ?? null });
  } catch (error) {
    throw new SignInRefused("Claims", (error as Error).message);
  }
}

function reportFailure(code: string, metadata: unknown): void {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown })?.error;
  const reason = recordableText(error instanceof Error ? error.message : code);
  log.warn({ code, reason }, "the sign-in service reports a failure");
}
