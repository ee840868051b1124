import type { Cluster, TunnelAgent } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { isUuid } from "../../names/uuid.ts";

export type AgentRow = TunnelAgent & { cluster: Cluster };

/** What of an agent an event names. */
export const agentEntity = ({ id, name, cluster }: AgentRow) => ({
  entityType: "TunnelAgent" as const,
  entityId: id,
  entityName: name,
  cluster: { id: cluster.id, name: cluster.name, endpoint: cluster.endpoint },
});

/** What of it an event tells. */
export const shownAgent = ({ id, name, tags, version, address, cluster, ...row }: AgentRow) => ({
  id,
  name,
  cluster: cluster.name,
  tags,
  version,
  address,
  certificate: { fingerprint: row.fingerprint, endsAt: row.certificateEndsAt.toISOString() },
});

/** What an agent does by itself: it is nobody of the console. */
export const asAgent = (ctx: Context, name: string): Context => ({
  ...ctx,
  actor: { kind: "system", name: `tunnel agent ${name}` },
});

/** Locks it: what is decided by it holds until the end of the transaction. @throws AppError `not_found` */
export async function holdAgent(tx: Transaction, id: string): Promise<AgentRow> {
  if (isUuid(id)) {
    await tx.$executeRaw`select 1 from tunnel_agents where id = ${id}::uuid for no key update`;
    const row = await tx.tunnelAgent.findUnique({ where: { id }, include: { cluster: true } });
    if (row) return row;
  }
  throw new AppError("not_found", "There is no agent with that id.");
}
