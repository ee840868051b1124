import type { ScimToken } from "../../../../prisma/generated/client.ts";
import { requirePermission } from "../../../access/permission.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { actorName, type Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { holdMaker } from "../../credential-chain/chain.ts";
import { requireIdentityProvider } from "../../providers/registry.ts";
import { createCredential, hashCredential } from "../../tokens/format.ts";
import { type CreatedScimToken, CreateScimTokenInput } from "../schema.ts";
import { viewScimToken } from "./data.ts";

/** So many may count at once: a client needs one, and another while it changes over. */
const MOST_TOKENS = 100;

/**
 * Makes a token with which an identity provider provisions its people and groups. It is in this answer alone. Made in a console session, and
 * revoked with it: no bearer token makes a credential that outlives it.
 * @throws AppError `permission_denied` for who comes with a bearer token, `invalid_argument` for a provider that is not configured, `resource_exhausted` where there are too many.
 */
export async function createScimToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateScimTokenInput;
}): Promise<CreatedScimToken> {
  requirePermission(ctx, "people:write");
  const { name, provider, lifetimeMs } = CreateScimTokenInput.parse(input);
  const { issuer } = requireIdentityProvider(provider);
  if (ctx.actor.kind !== "system" && ctx.credential?.kind !== "session") {
    throw new AppError("permission_denied", "A SCIM token is made from a console session alone. Sign in.");
  }
  const token = createCredential("scimToken");
  return inTransaction(database(), async (tx) => {
    const { sessionId } = await holdMaker(tx, ctx);
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/scim-tokens', 0))`;
    if ((await tx.scimToken.count({ where: { revokedAt: null } })) >= MOST_TOKENS) {
      throw new AppError("resource_exhausted", `There are ${MOST_TOKENS} SCIM tokens; revoke one first.`);
    }
    const row = await tx.scimToken.create({
      data: {
        name,
        issuer,
        sessionId,
        tokenHash: hashCredential(token),
        createdBy: actorName(ctx),
        expiresAt: lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs),
      },
    });
    const view = viewScimToken(row);
    await recordEvent(tx, ctx, { action: "Create", ...tokenEntity(row), after: view });
    return { ...view, token };
  });
}

/** Revokes one: the next request with it is refused. @throws AppError `not_found` */
export async function revokeScimToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<void> {
  requirePermission(ctx, "people:write");
  await inTransaction(database(), async (tx) => {
    const before = await tx.scimToken.findUnique({ where: { id: input.id } });
    if (!before) throw new AppError("not_found", "There is no SCIM token with that id.");
    if (before.revokedAt !== null) return;
    const row = await tx.scimToken.update({ where: { id: before.id }, data: { revokedAt: new Date() } });
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      ...tokenEntity(row),
      before: viewScimToken(before),
      after: viewScimToken(row),
    });
  });
}

const tokenEntity = ({ id, name }: ScimToken) => ({
  entityType: "ApiKey" as const,
  entityId: id,
  entityName: `SCIM token ${name}`,
});
