import { keepScopes } from "../../access/key-scopes/kept-scopes.ts";
import { hasPermission, requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { boundsWithin } from "../credential-chain/bounds.ts";
import { holdMaker, type Maker } from "../credential-chain/chain.ts";
import { writeRevocation } from "./changes.ts";
import { viewToken } from "./data.ts";
import { createCredential, hashCredential } from "./format.ts";
import type { IssuedToken, IssueTokenInput } from "./schema.ts";

/** So many tokens that count one person may have: all of them are listed, and can be revoked. */
const MOST_TOKENS = 200;

/**
 * Issues a bearer token for kubectl and the API to the person who asks, or, for the system alone, to `userId`. One that is made with
 * a token ends with that token at the latest.
 * @throws AppError `invalid_argument` for more than what it is made with has, life, scopes or networks, or than tokens.lifetime; `conflict` for a person
 * who has too many.
 */
export async function issueToken({
  ctx,
  input,
}: {
  ctx: Context;
  input: IssueTokenInput & { userId?: string };
}): Promise<IssuedToken> {
  const [issued] = await issueTokens({ ctx, input: { userId: input.userId, tokens: [input] } });
  return issued!;
}

/**
 * The same of several, all or none.
 * @throws as `issueToken`
 */
export async function issueTokens({
  ctx,
  input,
}: {
  ctx: Context;
  input: { userId?: string; tokens: readonly IssueTokenInput[] };
}): Promise<IssuedToken[]> {
  requirePermission(ctx, "tokens:own");
  const userId = ownerOf(ctx, input.userId);
  return inTransaction(database(), async (tx) => {
    await holdPerson(tx, userId, input.tokens.length);
    const maker = await holdMaker(tx, ctx);
    const issued: IssuedToken[] = [];
    for (const asked of input.tokens) issued.push(await issueWithin(tx, ctx, { asked, userId, maker }));
    return issued;
  });
}

async function issueWithin(
  tx: Transaction,
  ctx: Context,
  { asked, userId, maker }: { asked: IssueTokenInput; userId: string; maker: Maker },
): Promise<IssuedToken> {
  const token = createCredential("token");
  const { ancestors, sessionId, secondFactorAt } = maker;
  const cluster = await findAskedCluster(tx, asked);
  const { scopes, networks } = boundsWithin(maker, cluster ? { ...asked, scopes: ["kubernetes"] } : asked);
  const row = await tx.accessToken.create({
    data: {
      userId,
      name: asked.name,
      tokenHash: hashCredential(token),
      ancestors,
      sessionId,
      secondFactorAt,
      scopes: keepScopes(scopes),
      networks: [...networks],
      clusterId: cluster?.id ?? null,
      clusterName: cluster?.name ?? null,
      expiresAt: expiryOf(asked.lifetimeMs, maker),
    },
  });
  const view = viewToken(row);
  await recordEvent(tx, ctx, {
    action: "Create",
    entityType: "ApiKey",
    entityId: row.id,
    entityName: row.name,
    after: { ...view, userId },
  });
  return { ...view, token };
}

/** @throws AppError `invalid_argument` for a cluster that there is not, or scopes that such a token cannot have. */
async function findAskedCluster(
  tx: Transaction,
  { cluster: name, scopes }: IssueTokenInput,
): Promise<{ id: string; name: string } | null> {
  if (name === undefined) return null;
  if (scopes?.some((scope) => scope !== "kubernetes"))
    throw wrong("scopes", scopes.join(", "), "kubernetes alone, where the token names a cluster");
  const found = await tx.cluster.findFirst({
    where: { name, removedAt: null },
    select: { id: true, name: true },
  });
  if (found === null) throw wrong("cluster", name, "the name of a registered cluster");
  return found;
}

function wrong(field: string, got: string, takes: string): AppError {
  return new AppError("invalid_argument", `${field}: got ${JSON.stringify(got)}; takes ${takes}`, {
    details: [{ field, got, takes }],
  });
}

/**
 * Revokes one's own token, or, for an administrator, anybody's, and every token that was made with it. What runs with them ends within
 * seconds.
 */
export async function revokeToken({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "tokens:own");
  await inTransaction(database(), async (tx) => {
    const row = await tx.accessToken.findUnique({ where: { id: input.id } });
    if (!row || !mayRevoke(ctx, row)) throw new AppError("not_found", "You have no token with that id.");
    await writeRevocation(tx, ctx, row);
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

/** Holds the person until the transaction ends: whoever disables them comes before the token, or finds it. */
async function holdPerson(tx: Transaction, userId: string, more: number): Promise<void> {
  const held = await tx.$queryRaw<
    unknown[]
  >`select 1 from users where id = ${userId}::uuid and enabled for update`;
  if (held.length === 0) throw new AppError("unauthenticated", "This person may not sign in.");
  const counting = {
    userId,
    terminalId: null,
    loginId: null,
    revokedAt: null,
    expiresAt: { gt: new Date() },
  };
  if ((await tx.accessToken.count({ where: counting })) + more <= MOST_TOKENS) return;
  throw new AppError(
    "conflict",
    `At most ${MOST_TOKENS} tokens of a person count at once. Revoke those that are not needed (My sessions and tokens).`,
  );
}

function expiryOf(lifetimeMs: number | undefined, maker: Maker): Date {
  const now = Date.now();
  const longest = config().tokens.lifetimeMs;
  const remaining = maker.expiresAt === null ? longest : maker.expiresAt.getTime() - now;
  const most = Math.min(longest, remaining);
  if (lifetimeMs === undefined || lifetimeMs <= most) return new Date(now + (lifetimeMs ?? most));
  const why =
    most === longest ? "tokens.lifetime" : "the token that asks ends then: sign in for a longer one";
  const takes = `at most ${most} ms (${why})`;
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
