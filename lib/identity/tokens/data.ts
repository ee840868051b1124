import type { AccessToken } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import type { AccessTokenView } from "./schema.ts";

/** One's own tokens, newest first. */
export async function listTokens({ ctx }: { ctx: Context }): Promise<AccessTokenView[]> {
  requirePermission(ctx, "tokens:own");
  if (ctx.actor.kind !== "user" && ctx.actor.kind !== "application") return [];
  const owner = ctx.actor.kind === "user" ? { userId: ctx.actor.id } : { applicationId: ctx.actor.id };
  const tokens = await database().accessToken.findMany({
    where: owner,
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: 500,
  });
  return tokens.map(viewToken);
}

export function viewToken(token: AccessToken): AccessTokenView {
  return {
    id: token.id,
    name: token.name,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    revokedAt: token.revokedAt?.toISOString() ?? null,
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  };
}
