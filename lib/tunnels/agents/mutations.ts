import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { agentEntity, holdAgent, shownAgent } from "./agent-entity.ts";
import { announceAgentChange } from "./announce.ts";
import { revokeWithin } from "./revoke.ts";
import { RevokeAgentInput, UpdateAgentInput } from "./schema.ts";

const AGENT = "TunnelAgent" as const;

/**
 * Gives an agent another name or other tags. Tags that are set here count from then on, whatever it says of itself when it connects.
 * @throws AppError `not_found`, `conflict` where the name is taken or it is revoked.
 */
export function updateAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateAgentInput;
}): Promise<void> {
  const attempt = { action: "Update", entityType: AGENT, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "agents:write");
    const { id, ...rest } = input;
    const { name, tags } = UpdateAgentInput.parse(rest);
    await inTransaction(database(), async (tx) => {
      const before = await holdAgent(tx, id);
      if (before.revokedAt) throw new AppError("conflict", "The agent is revoked: it can only be removed.");
      const data = { name, ...(tags && { tags, tagsKept: true }) };
      const update = tx.tunnelAgent.update({ where: { id }, data, include: { cluster: true } });
      const row = await refuseDuplicate(update, { field: "name", value: name ?? before.name });
      await announceAgentChange(tx);
      await recordEvent(tx, ctx, {
        ...attempt,
        ...agentEntity(row),
        before: shownAgent(before),
        after: shownAgent(row),
      });
    });
  });
}

/** Revokes an agent: none of its certificates counts any more, and its connections end at once, with the calls on them. Once is enough. @throws AppError `not_found` */
export function revokeAgent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & RevokeAgentInput;
}): Promise<void> {
  const attempt = { action: "Delete", operation: "Revoke", entityType: AGENT, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "agents:write");
    const { id, ...rest } = input;
    const { reason = null } = RevokeAgentInput.parse(rest);
    await inTransaction(database(), async (tx) => {
      const agent = await holdAgent(tx, id);
      if (agent.revokedAt === null) await revokeWithin(tx, ctx, { agent, reason });
    });
  });
}

/** Removes an agent from the list, with its log of connects; one that counts is revoked by that. @throws AppError `not_found` */
export function removeAgent({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const attempt = { action: "Delete", entityType: AGENT, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "agents:write");
    await inTransaction(database(), async (tx) => {
      const before = await holdAgent(tx, input.id);
      await tx.tunnelAgent.delete({ where: { id: before.id } });
      await announceAgentChange(tx);
      await recordEvent(tx, ctx, { ...attempt, ...agentEntity(before), before: shownAgent(before) });
    });
  });
}
