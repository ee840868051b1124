import type { TunnelConnection } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { type ConnectionList, type ConnectionView, ListConnectionsQuery, MOST_LISTED } from "./schema.ts";

/** The connections of an agent: those that are open, and a page of those that have ended. */
export async function listConnections({
  ctx,
  agentId,
  query = {},
}: {
  ctx: Context;
  agentId: string;
  query?: ListConnectionsQuery;
}): Promise<ConnectionList> {
  requirePermission(ctx, "agents:read");
  const { limit, before } = ListConnectionsQuery.parse(query);
  const orderBy = [{ since: "desc" }, { id: "desc" }] as const;
  const { tunnelConnection } = database();
  const [open, ended] = await Promise.all([
    before
      ? []
      : tunnelConnection.findMany({
          where: { agentId, until: null },
          orderBy: [...orderBy],
          take: MOST_LISTED,
        }),
    tunnelConnection.findMany({
      where: { agentId, until: { not: null }, ...(before && { since: { lt: before } }) },
      orderBy: [...orderBy],
      take: limit + 1,
    }),
  ]);
  const page = ended.slice(0, limit);
  const next = ended.length > limit ? (page.at(-1)?.since.toISOString() ?? null) : null;
  return { open: open.map(view), ended: page.map(view), next };
}

function view(row: TunnelConnection): ConnectionView {
  return {
    id: row.id,
    instance: row.instance,
    hub: row.hub,
    process: row.process,
    address: row.address,
    version: row.version,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    ending: row.ending,
    calls: Number(row.calls),
    bytesIn: Number(row.bytesIn),
    bytesOut: Number(row.bytesOut),
  };
}
