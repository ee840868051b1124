import { Prisma } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { registeredCluster } from "../data.ts";
import type { ClusterHealth } from "../schema.ts";
import { examineCluster } from "./examine.ts";

/** So many are checked at a time by request. */
const MOST_AT_ONCE = 8;
let underWay = 0;

/**
 * Checks a cluster now, at most 5 s, and keeps what was found.
 * @throws AppError `not_found`; `resource_exhausted` where as many are being checked as may be.
 */
export async function checkCluster({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ClusterHealth> {
  requirePermission(ctx, "clusters:read");
  if (underWay >= MOST_AT_ONCE)
    throw new AppError(
      "resource_exhausted",
      `${MOST_AT_ONCE} clusters are being checked. Try again in a moment.`,
    );
  underWay++;
  try {
    return await examineAndKeep(input.id);
  } finally {
    underWay--;
  }
}

/** Checks a cluster and keeps what was found, where it is still the one that was checked. @throws AppError `not_found`. */
export async function examineAndKeep(id: string): Promise<ClusterHealth> {
  const row = await database().cluster.findFirst({ where: { id, removedAt: null } });
  if (!row) throw new AppError("not_found", "There is no cluster with that id.");
  const health = await examineCluster(registeredCluster(row));
  await database().$executeRaw(Prisma.sql`
    insert into cluster_health (cluster_id, due_at, health)
    select id, now() + ${CHECK_EVERY_MS} * interval '1 ms', ${JSON.stringify(health)}::jsonb
    from clusters where id = ${id}::uuid and removed_at is null and updated_at = ${row.updatedAt}
    on conflict (cluster_id) do update set health = excluded.health, due_at = excluded.due_at`);
  return health;
}

/** How old what is known of a cluster may be. */
export const CHECK_EVERY_MS = 60_000;
