import { z } from "zod";
import type { NodePool } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { countGrants, searched } from "../scopes/named.ts";
import { ListScopesQuery, NodePoolMember } from "../scopes/schema.ts";
import type { NodePoolView } from "./schema.ts";

const Members = z.array(NodePoolMember);

/** Node pools by name, as many as asked for, and how many there are that match. */
export async function listNodePools({
  ctx,
  input = {},
}: {
  ctx: Context;
  input?: ListScopesQuery;
}): Promise<{ nodePools: NodePoolView[]; total: number }> {
  requirePermission(ctx, "projects:read");
  const { search, limit, offset } = ListScopesQuery.parse(input);
  const where = searched(search);
  const [rows, total] = await Promise.all([
    database().nodePool.findMany({ where, orderBy: { name: "asc" }, take: limit, skip: offset }),
    database().nodePool.count({ where }),
  ]);
  const grants = await countGrants(
    database(),
    "nodePoolId",
    rows.map(({ id }) => id),
  );
  return { nodePools: rows.map((row) => viewNodePool(row, grants.get(row.id) ?? 0)), total };
}

/** @throws AppError `not_found`. */
export async function getNodePool({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<NodePoolView> {
  requirePermission(ctx, "projects:read");
  return readNodePool(database(), input.id);
}

/** @throws AppError `not_found`. */
export async function readNodePool(
  tx: Pick<Transaction, "nodePool" | "grant">,
  id: string,
): Promise<NodePoolView> {
  const row = await tx.nodePool.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no node pool with that id.");
  return viewNodePool(row, (await countGrants(tx, "nodePoolId", [id])).get(id) ?? 0);
}

/** A node pool as the API shows it. */
export function viewNodePool(row: NodePool, grants: number): NodePoolView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    members: Members.parse(row.members),
    grants,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
