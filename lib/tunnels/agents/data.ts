import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { isUuid } from "../../names/uuid.ts";
import { isOlder, VERSION } from "../../version.ts";
import { type AgentListRow, countAgents, findAgentRows } from "./agent-rows.ts";
import { type AgentList, type AgentView, ListAgentsQuery } from "./schema.ts";

/** The agents of clusters that are there, by cluster and name, those that are revoked last: a page of them. */
export async function listAgents({
  ctx,
  query = {},
}: {
  ctx: Context;
  query?: ListAgentsQuery;
}): Promise<AgentList> {
  requirePermission(ctx, "agents:read");
  const { limit, offset, sort, ...which } = ListAgentsQuery.parse(query);
  const [rows, total] = await Promise.all([
    findAgentRows(which, { limit, offset, sort }),
    countAgents(which),
  ]);
  return { agents: rows.map(viewAgent), total, gatewayVersion: VERSION };
}

/** @throws AppError `not_found` */
export async function getAgent({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<AgentView> {
  requirePermission(ctx, "agents:read");
  const [row] = isUuid(input.id) ? await findAgentRows({ id: input.id }, { limit: 1, offset: 0 }) : [];
  if (!row) throw new AppError("not_found", "There is no agent with that id.");
  return viewAgent(row);
}

function viewAgent(row: AgentListRow): AgentView {
  return {
    id: row.id,
    name: row.name,
    cluster: { id: row.clusterId, name: row.clusterName },
    tags: row.tags,
    state: row.state,
    version: row.version,
    isOlder: row.version !== null && isOlder(row.version, VERSION),
    address: row.address,
    joinedAt: row.joinedAt.toISOString(),
    joinedBy: row.joinedBy,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    connectedSince: row.connectedSince?.toISOString() ?? null,
    connections: row.connections,
    calls: Number(row.calls),
    bytesIn: Number(row.bytesIn),
    bytesOut: Number(row.bytesOut),
    certificate: {
      fingerprint: row.fingerprint,
      serial: row.serial,
      endsAt: row.certificateEndsAt.toISOString(),
    },
    revoked: row.revokedAt && {
      at: row.revokedAt.toISOString(),
      by: row.revokedBy,
      reason: row.revokeReason,
    },
  };
}
