import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { viewToken } from "./data.ts";
import type { ApiKeyView } from "./schema.ts";

const MOST_KEYS = 5_000;

/** The keys of everybody that count, people's and applications', newest first; at most the newest 5,000. What has ended is in Event History. */
export async function listApiKeys({ ctx }: { ctx: Context }): Promise<ApiKeyView[]> {
  requirePermission(ctx, "people:read");
  const rows = await database().accessToken.findMany({
    where: { terminalId: null, loginId: null, revokedAt: null, expiresAt: { gt: new Date() } },
    include: {
      user: { select: { id: true, name: true, email: true } },
      application: { select: { id: true, name: true } },
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: MOST_KEYS,
  });
  return rows.map(({ user, application, ...row }) => ({
    ...viewToken(row),
    owner: application
      ? { kind: "application", id: application.id, name: application.name }
      : { kind: "user", id: user?.id ?? "", name: user?.email ?? user?.name ?? "" },
  }));
}
