import { hasPermission, requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { announceRevocation } from "../revocation.ts";
import { viewToken } from "./data.ts";
import { createCredential, hashCredential } from "./format.ts";
import type { IssuedToken, IssueTokenInput } from "./schema.ts";

/**
 * Issues a bearer token for kubectl and the API to the person who asks, or, for the system alone, to `userId`.
 * @throws AppError `invalid_argument` for a life longer than tokens.lifetime.
 */
export async function issueToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: IssueTokenInput & { userId?: string };
}): Promise<IssuedToken> {
  requirePermission(ctx, "tokens:own");
  const userId = ownerOf(ctx, input.userId);
  const token = createCredential("token");
  const data = {
    userId,
    name: input.name,
    tokenHash: hashCredential(token),
    expiresAt: new Date(Date.now() + lifetimeOf(input.lifetimeMs)),
  };
  return inTransaction(database(), async (tx) => {
    const row = await tx.accessToken.create({ data });
    const view = viewToken(row);
    await recordEvent(tx, ctx, {
      ...{ action: "Create", entityType: "ApiKey", entityId: row.id, entityName: row.name },
      after: { ...view, userId },
    });
    return { ...view, token };
  });
}

/** Revokes one's own token, or, for an administrator, anybody's. What runs with it ends within seconds. */
export async function revokeToken({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "tokens:own");
  await inTransaction(database(), async (tx) => {
    const row = await tx.accessToken.findUnique({ where: { id: input.id } });
    if (!row || !mayRevoke(ctx, row)) throw new AppError("not_found", "You have no token with that id.");
    if (row.revokedAt) return;
    const revoked = await tx.accessToken.update({ where: { id: row.id }, data: { revokedAt: new Date() } });
    await announceRevocation(tx, { kind: "token", id: row.id });
    await recordEvent(tx, ctx, {
      ...{ action: "Delete", operation: "Revoke", entityType: "ApiKey" },
      ...{ entityId: row.id, entityName: row.name, before: viewToken(row), after: viewToken(revoked) },
    });
  });
}

function ownerOf(ctx: Context, userId: string | undefined): string {
  if (ctx.actor.kind === "system" && userId !== undefined) return userId;
  if (ctx.actor.kind === "user" && (userId === undefined || userId === ctx.actor.id)) return ctx.actor.id;
  throw new AppError(
    "permission_denied",
    "A person's token is issued to that person alone; an application gets its own from POST /api/v1/token.",
  );
}

function lifetimeOf(lifetimeMs: number | undefined): number {
  const longest = config().tokens.lifetimeMs;
  if (lifetimeMs === undefined || lifetimeMs <= longest) return lifetimeMs ?? longest;
  const takes = `at most ${longest} ms (tokens.lifetime)`;
  throw new AppError("invalid_argument", `lifetimeMs: got ${lifetimeMs}; takes ${takes}`, {
    details: [{ field: "lifetimeMs", got: String(lifetimeMs), takes }],
  });
}

function mayRevoke(ctx: Context, row: { userId: string | null; applicationId: string | null }): boolean {
  const { actor } = ctx;
  if (actor.kind === "user" && row.userId === actor.id) return true;
  if (actor.kind === "application" && row.applicationId === actor.id) return true;
  return hasPermission(ctx, "people:write");
}
