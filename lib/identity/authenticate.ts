import { onStoredProviders } from "../config/stored-providers.ts";
import { processState } from "../process-state.ts";
import { onIdentityChange, onRevocation } from "../revocation/revocation.ts";
import type { AuthenticatedToken } from "./actor/authenticated-token.ts";
import { TokenCache } from "./token-cache.ts";
import { findTokenOwner } from "./tokens/find-owner.ts";
import { hashCredential, isWellFormed } from "./tokens/format.ts";

const cache = processState("identity/tokens", startCache);

/**
 * Who a bearer token speaks for; null when it is malformed, unknown, expired, revoked, or its owner is disabled.
 * From memory for tokens in use: a revocation counts as soon as its NOTIFY arrives, at the latest after ten seconds.
 * @throws AppError `unavailable` when the token is not known here and the database cannot be asked.
 */
export async function authenticateToken(token: string): Promise<AuthenticatedToken | null> {
  if (!isWellFormed("token", token)) return null;
  const owner = await cache.get(hashCredential(token));
  return owner && owner.expiresAt.getTime() > Date.now() ? owner : null;
}

/** Whether a token is one that counted a moment ago: known in memory, and looked up at no cost. */
export function isTokenInUse(token: string): boolean {
  return isWellFormed("token", token) && cache.knows(hashCredential(token));
}

function startCache(): TokenCache {
  const started = new TokenCache({ find: findTokenOwner });
  onRevocation((subject) => started.forget(subject));
  onIdentityChange((subject) => {
    // Whoever joined a group is among those who are known without it.
    if (subject && subject.kind !== "group") started.forget(subject);
    else started.clear();
  });
  // Whose people count is in each answer.
  onStoredProviders(() => started.clear());
  return started;
}
