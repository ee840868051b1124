import type { Actor } from "../context.ts";

export interface AuthenticatedToken {
  actor: Actor;
  tokenId: string;
  expiresAt: Date;
}

/**
 * Who a bearer token speaks for; null when it is malformed, unknown, expired, revoked, or its owner is disabled.
 * @throws AppError `unavailable` when the token is not known here and the database cannot be asked.
 */
export async function authenticateToken(token: string): Promise<AuthenticatedToken | null> {
  throw new Error(`not yet: ${token.length}`);
}
