import type { AccessToken } from "../../../prisma/generated/client.ts";
import { readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { requirePerson } from "../people/data.ts";
import type { AccessTokenView } from "./schema.ts";

/** Of tokens that count no more, so many are shown. Those that count are bounded when they are issued. */
const MOST_ENDED = 300;

/** One's own tokens, newest first. */
export async function listTokens({ ctx }: { ctx: Context }): Promise<AccessTokenView[]> {
  requirePermission(ctx, "tokens:own");
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "application") return [];
  return listWhere(actor.kind === "user" ? { userId: actor.id } : { applicationId: actor.id });
}

/**
 * One person's tokens, newest first.
 * @throws AppError `not_found`
 */
export async function listTokensOf({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<AccessTokenView[]> {
  requirePermission(ctx, "people:read");
  await requirePerson(input.id);
  return listWhere({ userId: input.id });
}

async function listWhere(of: { userId: string } | { applicationId: string }): Promise<AccessTokenView[]> {
  // A terminal's ends with it, and nobody has ever seen it; those of a login of the command line are listed as that.
  const owner = { ...of, terminalId: null, loginId: null };
  const counts = { revokedAt: null, expiresAt: { gt: new Date() } };
  const orderBy = [{ createdAt: "desc" as const }, { id: "asc" as const }];
  const { accessToken } = database();
  const [counting, ended] = await Promise.all([
    accessToken.findMany({ where: { ...owner, ...counts }, orderBy, take: 1_000 }),
    accessToken.findMany({ where: { ...owner, NOT: counts }, orderBy, take: MOST_ENDED }),
  ]);
  return [...counting, ...ended]
    .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(viewToken);
}

export function viewToken(token: AccessToken): AccessTokenView {
  return {
    id: token.id,
    name: token.name,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    revokedAt: token.revokedAt?.toISOString() ?? null,
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    lastUsedFrom: token.lastUsedFrom,
    scopes: readScopes(token.scopes)?.slice() ?? null,
    networks: token.networks,
    cluster: token.clusterName,
    madeWith: token.ancestors.at(-1) ?? null,
  };
}
