import { recordEvent } from "../../audit/events/record.ts";
import { type Refusal, recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { requirePermission } from "../permission.ts";
import { requireRoom, requireUngranted } from "../scopes/named.ts";
import { announceAccessChange } from "../table/announce.ts";
import { readNodePool, viewNodePool } from "./data.ts";
import { CreateNodePoolInput, type NodePoolView, UpdateNodePoolInput } from "./schema.ts";

const entityType = "NodePool";

/**
 * Makes a node pool.
 * @throws AppError `conflict` where the name is taken, `resource_exhausted` where there are too many.
 */
export function createNodePool({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateNodePoolInput;
}): Promise<NodePoolView> {
  return recordIfRefused(ctx, { action: "Create", entityType, entityName: input.name, after: input }, () => {
    requirePermission(ctx, "projects:write");
    const data = CreateNodePoolInput.parse(input);
    return inTransaction(database(), async (tx) => {
      requireRoom(await tx.nodePool.count(), "node pools");
      const created = tx.nodePool.create({ data });
      const after = viewNodePool(await refuseDuplicate(created, { field: "name", value: data.name }), 0);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Create", ...entityOf(after), after });
      return after;
    });
  });
}

/**
 * Changes a node pool: what its grants cover is another from then on, and what runs by them beside it ends within seconds.
 * @throws AppError `not_found`; `conflict` where the name is taken.
 */
export function updateNodePool({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateNodePoolInput;
}): Promise<NodePoolView> {
  const { id, ...change } = input;
  const refusal: Refusal = { action: "Update", entityType, entityId: id, after: change };
  return recordIfRefused(ctx, refusal, () => {
    requirePermission(ctx, "projects:write");
    const data = UpdateNodePoolInput.parse(change);
    return inTransaction(database(), async (tx) => {
      await lockNodePool(tx, id);
      const before = await readNodePool(tx, id);
      refusal.entityName = before.name;
      const updated = tx.nodePool.update({ where: { id }, data });
      const row = await refuseDuplicate(updated, { field: "name", value: data.name ?? before.name });
      const after = viewNodePool(row, before.grants);
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Update", ...entityOf(after), before, after });
      return after;
    });
  });
}

/**
 * Deletes a node pool that no grant names.
 * @throws AppError `not_found`; `conflict`, which names them.
 */
export function deleteNodePool({
  ctx,
  input: { id },
}: {
  ctx: Context;
  input: { id: string };
}): Promise<void> {
  const refusal: Refusal = { action: "Delete", entityType, entityId: id };
  return recordIfRefused(ctx, refusal, () => {
    requirePermission(ctx, "projects:write");
    return inTransaction(database(), async (tx) => {
      await lockNodePool(tx, id);
      const before = await readNodePool(tx, id);
      refusal.entityName = before.name;
      await requireUngranted(tx, "nodePoolId", { id, what: `The node pool ${before.name}` });
      await tx.nodePool.delete({ where: { id } });
      await announceAccessChange(tx);
      await recordEvent(tx, ctx, { action: "Delete", ...entityOf(before), before });
    });
  });
}

/** Grants that name it meanwhile wait. */
async function lockNodePool(tx: Transaction, id: string): Promise<void> {
  await tx.$queryRaw`select 1 from node_pools where id = ${id}::uuid for update`;
}

const entityOf = ({ id, name }: NodePoolView) => ({ entityType, entityId: id, entityName: name }) as const;
