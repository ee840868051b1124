import { Prisma } from "../../../prisma/generated/client.ts";
import { database } from "../../db/connection.ts";
import type { AgentState } from "./schema.ts";

/** An agent as lists have it. */
export interface AgentListRow {
  id: string;
  name: string;
  clusterId: string;
  clusterName: string;
  tags: string[];
  state: AgentState;
  version: string | null;
  address: string | null;
  joinedAt: Date;
  joinedBy: string | null;
  lastSeenAt: Date | null;
  fingerprint: string;
  serial: string;
  certificateEndsAt: Date;
  revokedAt: Date | null;
  revokedBy: string | null;
  revokeReason: string | null;
  connectedSince: Date | null;
  connections: number;
  calls: bigint;
  bytesIn: bigint;
  bytesOut: bigint;
}

interface Which {
  id?: string;
  cluster?: string;
  state?: AgentState;
  search?: string;
}

const STATE = Prisma.sql`
  case when a.revoked_at is not null then 'revoked'
    when exists (select 1 from tunnel_connections o where o.agent_id = a.id and o.until is null) then 'connected'
    when a.certificate_ends_at <= now() then 'ended'
    when a.last_seen_at is null then 'new'
    else 'away' end`;

/** Conditions of a list; of agents whose cluster was removed, none but the record tells. */
function conditionsOf({ id, cluster, state, search }: Which): Prisma.Sql {
  const text = search?.replace(/[\\%_]/g, "\\$&");
  const conditions = [
    Prisma.sql`c.removed_at is null`,
    ...(id === undefined ? [] : [Prisma.sql`a.id = ${id}::uuid`]),
    ...(cluster === undefined ? [] : [Prisma.sql`a.cluster_id = ${cluster}::uuid`]),
    ...(state === undefined ? [] : [Prisma.sql`${STATE} = ${state}`]),
    ...(text
      ? [
          Prisma.sql`concat_ws(' ', a.name, c.name, a.address, array_to_string(a.tags, ' ')) ilike ${`%${text}%`}`,
        ]
      : []),
  ];
  return Prisma.join(conditions, " and ");
}

const SORTED_BY: Record<string, Prisma.Sql> = {
  cluster: Prisma.sql`c.name`,
  name: Prisma.sql`a.name`,
  since: Prisma.sql`(select min(o.since) from tunnel_connections o where o.agent_id = a.id and o.until is null)`,
  certificate: Prisma.sql`a.certificate_ends_at`,
};

/** Those that are revoked last, whatever the order. */
function orderOf(sort: string): Prisma.Sql {
  const by = SORTED_BY[sort.replace(/^-/, "")] ?? SORTED_BY.cluster!;
  const direction = sort.startsWith("-") ? Prisma.sql`desc nulls last` : Prisma.sql`asc nulls last`;
  return Prisma.sql`a.revoked_at is not null, ${by} ${direction}, c.name, a.name, a.id`;
}

/** A page of agents. */
export async function findAgentRows(
  which: Which,
  { limit, offset, sort = "cluster" }: { limit: number; offset: number; sort?: string },
): Promise<AgentListRow[]> {
  return database().$queryRaw<AgentListRow[]>`
    with page as (
      select a.*, c.name as cluster_name, ${STATE} as state, row_number() over (order by ${orderOf(sort)}) as place
      from tunnel_agents a join clusters c on c.id = a.cluster_id
      where ${conditionsOf(which)} order by place limit ${limit} offset ${offset}
    )
    select p.id, p.name, p.cluster_id as "clusterId", p.cluster_name as "clusterName", p.tags, p.state, p.version, p.address,
      p.joined_at as "joinedAt", p.joined_by as "joinedBy", p.last_seen_at as "lastSeenAt", p.fingerprint, p.serial,
      p.certificate_ends_at as "certificateEndsAt", p.revoked_at as "revokedAt", p.revoked_by as "revokedBy",
      p.revoke_reason as "revokeReason", t.since as "connectedSince", t.connections::int, t.calls::bigint,
      t.bytes_in::bigint as "bytesIn", t.bytes_out::bigint as "bytesOut"
    from page p left join lateral (
      select count(*) filter (where until is null) as connections, min(since) filter (where until is null) as since,
        coalesce(sum(calls), 0) as calls, coalesce(sum(bytes_in), 0) as bytes_in, coalesce(sum(bytes_out), 0) as bytes_out
      from tunnel_connections where agent_id = p.id
    ) t on true
    order by p.place`;
}

export async function countAgents(which: Which): Promise<number> {
  const [row] = await database().$queryRaw<{ count: number }[]>`
    select count(*)::int as count from tunnel_agents a join clusters c on c.id = a.cluster_id where ${conditionsOf(which)}`;
  return row?.count ?? 0;
}
