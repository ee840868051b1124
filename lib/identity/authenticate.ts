import { onStoredProviders } from "../config/stored-providers.ts";
import { onConfigChange } from "../config.ts";
import { AppError } from "../errors.ts";
import { addressMatcher } from "../http/networks.ts";
import { processState } from "../process-state.ts";
import { onIdentityChange, onRevocation } from "../revocation/revocation.ts";
import type { AuthenticatedToken } from "./actor/authenticated-token.ts";
import { TokenCache } from "./token-cache.ts";
import { findTokenOwner } from "./tokens/find-owner.ts";
import { credentialKey, isWellFormed } from "./tokens/format.ts";

const cache = processState("identity/tokens", startCache);

/**
 * Who a bearer token speaks for; null when it is malformed, unknown, expired, revoked, or its owner is disabled.
 * From memory for tokens in use: a revocation counts as soon as its NOTIFY arrives, at the latest after ten seconds.
 * `used`: it comes with a request from that address (null: from none that is known), which has to be of its networks. Left out: it is asked again of
 * one that was let in.
 * @throws AppError `unavailable` when the token is not known here and the database cannot be asked; `unauthenticated` from another network.
 */
export async function authenticateToken(
  token: string,
  used?: { from: string | null },
): Promise<AuthenticatedToken | null> {
  if (!isWellFormed("token", token)) return null;
  return counting(await cache.get(credentialKey(token), used?.from), used);
}

/**
 * The same where nothing has to be waited for; null where `authenticateToken` is to be asked.
 * @throws AppError `unauthenticated` from another network.
 */
export function findAuthenticatedToken(
  token: string,
  used: { from: string | null },
): AuthenticatedToken | null {
  return counting(cache.find(credentialKey(token), used.from), used);
}

/** By the clock and from where it is used, which memory cannot know. */
function counting(
  owner: AuthenticatedToken | null,
  used: { from: string | null } | undefined,
): AuthenticatedToken | null {
  if (!owner || owner.expiresAt.getTime() <= Date.now()) return null;
  if (used) requireNetwork(owner, used.from);
  return owner;
}

/** Compiled once for a token that is in memory. */
const matchers = new WeakMap<readonly string[], (address: string) => boolean>();

function isOf(networks: readonly string[], address: string): boolean {
  const matches = matchers.get(networks) ?? addressMatcher(networks);
  matchers.set(networks, matches);
  return matches(address);
}

function requireNetwork({ networks, tokenId }: AuthenticatedToken, from: string | null): void {
  if (networks === undefined || (from !== null && isOf(networks, from))) return;
  throw new AppError(
    "unauthenticated",
    `The token ${tokenId} does not count from ${from ?? "an address that is not known"}: it is bound to other networks.`,
  );
}

/** Whether a token is one that counted a moment ago: known in memory, and looked up at no cost. */
export function isTokenInUse(token: string): boolean {
  return cache.knows(credentialKey(token));
}

function startCache(): TokenCache {
  const started = new TokenCache({ find: findTokenOwner });
  onRevocation((subject) => started.forget(subject));
  onIdentityChange((subject) => {
    // Whoever joined a group is among those who are known without it. Null: nobody could be told for a while.
    if (subject && subject.kind !== "group") started.forget(subject);
    else started.doubtAll();
  });
  // Whose people count is in each answer.
  onStoredProviders(() => started.clear());
  // So are the lifetimes of sessions.
  onConfigChange(() => started.clear());
  return started;
}
