import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { authenticateToken } from "../authenticate.ts";
import { findPresentedToken, isOwn } from "./find-presented-token.ts";
import type { Introspection } from "./schema.ts";

const INACTIVE: Introspection = { active: false };

/** What a token of one's own is worth now (RFC 7662, section 2.2). Of one that does not count, and of somebody else's, nothing is said. */
export async function introspectToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { token: string };
}): Promise<Introspection> {
  const row = await findPresentedToken(database(), input.token);
  if (row === null || !isOwn(ctx, row)) return INACTIVE;
  const owner = await authenticateToken(input.token);
  if (owner === null) return INACTIVE;
  const { actor, scopes } = owner;
  return {
    active: true,
    ...(scopes && { scope: scopes.join(" ") }),
    ...(actor.kind === "application" && { client_id: actor.id }),
    username: actor.kind === "user" ? actor.email : actor.name,
    token_type: "Bearer",
    exp: seconds(owner.expiresAt),
    iat: seconds(row.createdAt),
    sub: actor.id,
    iss: config().publicUrl,
    jti: owner.tokenId,
  };
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);
