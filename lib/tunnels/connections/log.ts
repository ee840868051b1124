import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { type AgentRow, holdAgent } from "../agents/agent-entity.ts";
import { announceAgentChange } from "../agents/announce.ts";
import { recordComingOrGoing } from "./events.ts";

/** What passed on a connection so far. */
export interface Traffic {
  calls: number;
  /** To the cluster. */
  bytesIn: number;
  /** From the cluster. */
  bytesOut: number;
}

export interface OpenedConnection {
  agentId: string;
  /** Which of the processes that share the agent's certificate: a pod of a Deployment, say. As it calls itself. */
  instance: string;
  /** The hub that has the connection, and its process's name. */
  hub: string;
  process: string;
  /** As the agent says. */
  version: string;
  tags: readonly string[];
}

/**
 * Puts a connection that an authenticated agent has opened into the log, before anything passes on it; `ctx.sourceIp` is where it came from. The first of an agent is an event
 * (`Connect`). Resolves with the connection's id. Whoever has the connection ends it when `onAgentsChange` tells of an agent that is no more, and looks for
 * that (`findAgent`) once this has resolved, too.
 * @throws AppError `unauthenticated` where the agent was revoked meanwhile.
 */
export async function logConnect(ctx: Context, opened: OpenedConnection): Promise<string> {
  return inTransaction(database(), async (tx) => {
    const agent = await holdAgent(tx, opened.agentId);
    if (agent.revokedAt || agent.cluster.removedAt)
      throw new AppError("unauthenticated", "The agent was revoked. It has to join anew.");
    const first = (await tx.tunnelConnection.count({ where: { agentId: agent.id, until: null } })) === 0;
    const { instance, hub, process, version } = opened;
    const address = ctx.sourceIp;
    const data = { agentId: agent.id, instance, hub, process, version, address };
    const { id } = await tx.tunnelConnection.create({ data });
    const said = saidOf(agent, opened);
    const { version: saidVersion, tags } = said;
    const changed = saidVersion !== agent.version || tags.join() !== agent.tags.join();
    await tx.$executeRaw`update tunnel_agents set address = ${address}, last_seen_at = now() where id = ${agent.id}::uuid`;
    if (changed) {
      await tx.tunnelAgent.update({ where: { id: agent.id }, data: said });
      await announceAgentChange(tx);
    }
    if (first) {
      const after = { address, version, tags, instance, hub, process };
      await recordComingOrGoing(tx, ctx, { agent, operation: "Connect", after });
    }
    return id;
  });
}

/** What the agent says of itself; its tags count unless an administrator has said other ones. */
const saidOf = (agent: AgentRow, { version, tags }: OpenedConnection) => ({
  version,
  tags: agent.tagsKept ? agent.tags : [...tags],
});

/**
 * Says of open connections that they are there, and what passed. A process does so every few seconds, for all of its own at once. Resolves with the ids of those
 * that the log does not have as open.
 */
export async function logTraffic(connections: readonly ({ id: string } & Traffic)[]): Promise<string[]> {
  if (connections.length === 0) return [];
  const rows = await database().$queryRaw<{ id: string }[]>`
    with said as (
      select * from jsonb_to_recordset(${JSON.stringify(connections)}::jsonb)
        as x(id uuid, calls bigint, "bytesIn" bigint, "bytesOut" bigint)
    ), kept as (
      update tunnel_connections c set seen_at = now(), calls = s.calls, bytes_in = s."bytesIn", bytes_out = s."bytesOut"
      from said s where c.id = s.id and c.until is null returning c.id, c.agent_id
    ), seen as (
      update tunnel_agents set last_seen_at = now() where id in (select agent_id from kept)
    )
    select id from kept`;
  const kept = new Set(rows.map(({ id }) => id));
  return connections.map(({ id }) => id).filter((id) => !kept.has(id));
}

/**
 * Opens a connection in the log again that was ended there for its process, which is there after all: it could not say so for a while. The first of an agent is
 * an event (`Connect`). One whose agent was removed stays away.
 */
export async function logStillThere(ctx: Context, id: string): Promise<void> {
  const ended = await database().tunnelConnection.findFirst({ where: { id, until: { not: null } } });
  if (!ended) return;
  await inTransaction(database(), async (tx) => {
    const agent = await holdAgent(tx, ended.agentId);
    const first = (await tx.tunnelConnection.count({ where: { agentId: agent.id, until: null } })) === 0;
    const opened = await tx.$executeRaw`
      update tunnel_connections set until = null, ending = null, seen_at = now() where id = ${id}::uuid and until is not null`;
    if (opened === 0 || !first) return;
    const { address, version, instance, hub, process } = ended;
    const after = { address, version, instance, hub, process, connectedSince: ended.since.toISOString() };
    await recordComingOrGoing(tx, ctx, { agent, operation: "Connect", after });
  });
}

/**
 * Puts the end of a connection into the log, in words that say why. The last of an agent is an event (`Disconnect`). One that has ended, or whose agent was
 * removed, stays as it is.
 */
export async function logDisconnect(
  ctx: Context,
  { id, ending, traffic }: { id: string; ending: string; traffic: Traffic | null },
): Promise<void> {
  const open = await database().tunnelConnection.findFirst({ where: { id, until: null } });
  if (!open) return;
  await inTransaction(database(), async (tx) => {
    const agent = await holdAgent(tx, open.agentId);
    const data = { until: traffic === null ? open.seenAt : new Date(), ending, ...traffic };
    const ended = await tx.tunnelConnection.updateMany({ where: { id, until: null }, data });
    if (ended.count === 0) return;
    if ((await tx.tunnelConnection.count({ where: { agentId: agent.id, until: null } })) > 0) return;
    const { address, instance, hub, process } = open;
    const after = { ending, connectedSince: open.since.toISOString(), address, instance, hub, process };
    await recordComingOrGoing(tx, ctx, { agent, operation: "Disconnect", after });
  });
}
