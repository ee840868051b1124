import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import { findProvider } from "../providers/registry.ts";
import { openSignOut } from "../sessions/at-provider.ts";
import { hashSessionToken } from "../sessions/token.ts";

/**
 * Where the browser of a session signs out at its provider, too: as the provider said when the session began, so that one that is away now
 * holds up nobody. null where it has no such place, or is not to be signed out of.
 */
export async function signOutAddressOf(cookie: string | null): Promise<string | null> {
  if (cookie === null) return null;
  const sessionToken = hashSessionToken(cookie);
  const session = await database().session.findUnique({ where: { sessionToken } });
  const provider = session?.provider ? findProvider(session.provider) : null;
  if (!session || provider?.flow !== "oauth") return null;
  try {
    const signOut = openSignOut(sessionToken, session.providerSignOut);
    return signOut === null ? null : provider.signOutAddress(signOut);
  } catch (error) {
    log.warn({ err: error, provider: provider.id }, "somebody signs out here and not at the provider");
    return null;
  }
}
