import { recordEvent } from "../../audit/events/record.ts";
import { actorName, type Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { type AgentRow, agentEntity, shownAgent } from "./agent-entity.ts";
import { announceAgentChange } from "./announce.ts";

/** Of a revocation within its caller's transaction: from now on no certificate of the agent counts, and what it has open ends. */
export async function revokeWithin(
  tx: Transaction,
  ctx: Context,
  { agent, reason }: { agent: AgentRow; reason: string | null },
): Promise<AgentRow> {
  const row = await tx.tunnelAgent.update({
    where: { id: agent.id },
    data: { revokedAt: new Date(), revokedBy: actorName(ctx), revokeReason: reason },
    include: { cluster: true },
  });
  await announceAgentChange(tx);
  await recordEvent(tx, ctx, {
    action: "Delete",
    operation: "Revoke",
    ...agentEntity(agent),
    before: shownAgent(agent),
    after: { ...shownAgent(row), revokeReason: reason },
  });
  return row;
}

/** Revokes the agents of a cluster that is removed, and forgets its join tokens. */
export async function revokeAgentsOf(tx: Transaction, ctx: Context, cluster: { id: string; name: string }) {
  await tx.tunnelJoinToken.deleteMany({ where: { clusterId: cluster.id, usedAt: null } });
  const where = { clusterId: cluster.id, revokedAt: null };
  const agents = await tx.tunnelAgent.findMany({ where, include: { cluster: true } });
  const reason = `The cluster ${cluster.name} was removed.`;
  for (const agent of agents) await revokeWithin(tx, ctx, { agent, reason });
}
