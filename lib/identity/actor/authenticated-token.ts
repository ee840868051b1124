import type { Actor } from "../../context.ts";

/** Whom a bearer token speaks for. */
export interface AuthenticatedToken {
  actor: Extract<Actor, { kind: "user" | "application" }>;
  tokenId: string;
  expiresAt: Date;
}
