import type { Scope } from "../../access/key-scopes/schema.ts";
import type { Actor } from "../../context.ts";

/** Whom a bearer token speaks for. */
export interface AuthenticatedToken {
  actor: Extract<Actor, { kind: "user" | "application" }>;
  tokenId: string;
  expiresAt: Date;
  /** When a second factor had been shown last in the session that it was made in, as of then. */
  secondFactorAt?: Date | null;
  /** What it may be used for, as lib/access/key-scopes has it; left out: all that its owner may. */
  scopes?: readonly Scope[];
  /** The addresses and ranges that it counts from; left out: from everywhere. */
  networks?: readonly string[];
  /** The one cluster that it counts for, and whose calls need no prefix with it; left out: every one. */
  clusterId?: string;
  /** Of a web shell's token: it counts for calls of that terminal to that cluster alone, while that console session lasts. */
  terminal?: TokenTerminal;
}

export interface TokenTerminal {
  id: string;
  clusterId: string;
  sessionId: string;
}
