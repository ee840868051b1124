import type { ScimToken } from "../../../../prisma/generated/client.ts";
import { requirePermission } from "../../../access/permission.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { providerOf } from "../../providers/registry.ts";
import type { ScimTokenView } from "../schema.ts";

/** So many tokens are shown, the newest. */
const MOST_SHOWN = 200;

/** SCIM tokens, those that count no more among them, newest first. */
export async function listScimTokens({ ctx }: { ctx: Context }): Promise<ScimTokenView[]> {
  requirePermission(ctx, "people:read");
  const tokens = await database().scimToken.findMany({
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: MOST_SHOWN,
  });
  return tokens.map(viewScimToken);
}

export function viewScimToken(token: ScimToken): ScimTokenView {
  const { id, name, issuer, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = token;
  return {
    id,
    name,
    provider: providerOf(issuer)?.id ?? null,
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
