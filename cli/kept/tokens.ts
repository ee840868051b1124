import { keptToken, requireSignIn, type Wanted } from "./kept-token.ts";
import type { KeptToken } from "./sign-in.ts";

/**
 * A token that counts: the kept one, or a new one.
 * @throws Failure `notSignedIn`
 */
export async function currentToken(wanted: Wanted): Promise<KeptToken> {
  const kept = keptToken(requireSignIn(wanted), wanted);
  if (kept) return kept;
  // kubectl asks at each command, and mostly the kept one will do: what asks the installation is not loaded for that.
  const { renewToken } = await import("./renew-token.ts");
  return renewToken(wanted);
}
