import type { Prisma } from "../../../prisma/generated/client.ts";
import { readScopes } from "../../access/key-scopes/kept-scopes.ts";
import type { Scope } from "../../access/key-scopes/schema.ts";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { announceRevocation } from "../../revocation/revocation.ts";
import { isOpenFragment } from "../session-life/open-session.ts";

/** So many tokens may stand above one: whoever needs more makes them side by side. */
const LONGEST_CHAIN = 8;

/** What a new credential is made with, as its row keeps it. */
export interface Maker {
  /** Tokens, the first of the chain first. */
  ancestors: string[];
  sessionId: string | null;
  /** What is made may be used for no more; null: for all that its owner may. */
  scopes: readonly Scope[] | null;
  /** What is made counts from nowhere else; empty: from everywhere. */
  networks: readonly string[];
  /** What is made may count until then; null: as long as the configuration permits. */
  expiresAt: Date | null;
  /** When a second factor was shown for it; what is made inherits it. */
  secondFactorAt: Date | null;
}

/** Of what nothing was made with that bounds it. */
export const UNBOUNDED: Maker = {
  ancestors: [],
  sessionId: null,
  scopes: null,
  networks: [],
  expiresAt: null,
  secondFactorAt: null,
};

/**
 * Holds what the one who asks proved themselves with until the transaction ends: either a revocation comes first, and nothing is
 * made, or it waits and then finds what was made.
 * @throws AppError `unauthenticated` where it does not count any more.
 */
export async function holdMaker(tx: Transaction, { actor, credential }: Context): Promise<Maker> {
  if (actor.kind === "system") return UNBOUNDED;
  if (credential === undefined) throw new AppError("unauthenticated", "Sign in, or send a bearer token.");
  return credential.kind === "session" ? holdSession(tx, credential.id) : holdToken(tx, credential.id);
}

async function holdSession(tx: Transaction, id: string): Promise<Maker> {
  const [held] = await tx.$queryRaw<{ second_factor_at: Date | null }[]>`
    select s.second_factor_at from sessions s where s.id = ${id}::uuid and ${isOpenFragment()} for share`;
  if (!held) throw new AppError("unauthenticated", "Your session has ended. Sign in again.");
  return { ...UNBOUNDED, sessionId: id, secondFactorAt: held.second_factor_at };
}

interface HeldToken {
  id: string;
  ancestors: string[];
  session_id: string | null;
  scopes: string[];
  networks: string[];
  expires_at: Date;
  second_factor_at: Date | null;
}

/** A token counts while each token above it does, and each person's provider is configured. */
export async function holdToken(tx: Transaction, id: string): Promise<Maker> {
  const held = await tx.$queryRaw<HeldToken[]>`
    select id, ancestors, session_id, scopes, networks, expires_at, second_factor_at from access_tokens
    where (id = ${id}::uuid or id = any(array(select unnest(ancestors) from access_tokens where id = ${id}::uuid)))
      and revoked_at is null and expires_at > now()
      and (user_id is null or user_id in (select id from users where issuer = any(${issuersInEffect(config())}::text[])))
    order by array_length(ancestors, 1) nulls first for share`;
  const own = held.find((row) => row.id === id);
  if (!own || held.length !== own.ancestors.length + 1) {
    throw new AppError(
      "unauthenticated",
      "The token that asks does not count any more: it, or one that it was made with, has expired, was revoked, or is of somebody whose identity provider is not configured any more. Use another, or sign in.",
    );
  }
  if (held.length > LONGEST_CHAIN) {
    throw new AppError(
      "permission_denied",
      `At most ${LONGEST_CHAIN} tokens may be made one with the other. Use one that stands earlier in the chain, or sign in.`,
    );
  }
  const ancestors = [...own.ancestors, id];
  const { session_id: sessionId, networks, expires_at: expiresAt, second_factor_at: secondFactorAt } = own;
  return { ancestors, sessionId, scopes: readScopes(own.scopes), networks, expiresAt, secondFactorAt };
}

/**
 * Revokes tokens and what was made with them, and tells who is connected with one.
 * @returns how many stopped to count.
 */
export async function revokeTokens(tx: Transaction, which: Prisma.AccessTokenWhereInput): Promise<number> {
  const data = { revokedAt: new Date() };
  const own = await tx.accessToken.updateManyAndReturn({
    where: { ...which, revokedAt: null },
    data,
    select: { id: true },
  });
  // A statement of its own: it sees what was made while the one above waited.
  const made = await tx.accessToken.updateManyAndReturn({
    where: { ancestors: { hasSome: own.map(({ id }) => id) }, revokedAt: null },
    data,
    select: { id: true },
  });
  const ended = [...own, ...made];
  for (const { id } of ended) await announceRevocation(tx, { kind: "token", id });
  return ended.length;
}
