import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { isUuid } from "../../names/uuid.ts";
import { viewJoinToken } from "./join-token.ts";
import { type JoinTokenView, MOST_JOIN_TOKENS } from "./schema.ts";

const WITH = { cluster: true, agent: true } as const;

/** The join tokens that nothing has joined with and that still count, newest first. */
export async function listJoinTokens({ ctx }: { ctx: Context }): Promise<JoinTokenView[]> {
  requirePermission(ctx, "agents:read");
  const rows = await database().tunnelJoinToken.findMany({
    where: { usedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: "desc" },
    take: MOST_JOIN_TOKENS,
    include: WITH,
  });
  return rows.map(viewJoinToken);
}

/** One of them, whether something has joined with it or not. @throws AppError `not_found` */
export async function getJoinToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<JoinTokenView> {
  requirePermission(ctx, "agents:read");
  const { id } = input;
  const row = isUuid(id)
    ? await database().tunnelJoinToken.findUnique({ where: { id }, include: WITH })
    : null;
  if (!row) throw new AppError("not_found", "There is no join token with that id.");
  return viewJoinToken(row);
}
