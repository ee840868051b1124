import type { Context } from "../../context.ts";
import type { OAuthProvider } from "../providers/provider/identity-provider.ts";
import { anonymousContext, readSessionCookie } from "../request-context.ts";
import type { SessionAtProvider } from "../sessions/at-provider.ts";

/** One sign-in, as far as one request has part in it: next-auth's options are made of it, and leave in it what comes of it. */
export interface Attempt {
  ctx: Context;
  provider: OAuthProvider;
  /** The `state` that it goes by at the provider. */
  id: string;
  /** The session that the browser has before: it ends where this one succeeds. */
  sessionToken: string | null;
  /** Who is signing in, as far as it is known. */
  claimed: string | null;
  /** Why it failed, in the words of Event History. */
  failure: string | null;
  /** Where one signs out at the provider; null where one does not. */
  signOutAddress: string | null;
  /** What is kept with the session to sign out at the provider, and to hear of its end there. */
  atProvider: SessionAtProvider;
  /** Whether a session began. */
  succeeded: boolean;
}

export function newAttempt(request: Request, { provider, id }: Pick<Attempt, "provider" | "id">): Attempt {
  const { headers } = request;
  return {
    ctx: anonymousContext(headers),
    provider,
    id,
    sessionToken: readSessionCookie(headers),
    claimed: null,
    failure: null,
    signOutAddress: null,
    atProvider: { id: null, signOut: null },
    succeeded: false,
  };
}
