import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { revokeWithin } from "../agents/revoke.ts";

const MOST_AGENTS = 100;

/**
 * The name of an agent that joins: the one it asks for, or the first free number. One that another has who is not connected is taken from it, which is revoked:
 * whoever lost its certificate joins again under its name.
 * @throws AppError `conflict` where the other one is connected; `resource_exhausted` where the cluster has too many.
 */
export async function takeName(
  tx: Transaction,
  ctx: Context,
  { clusterId, name }: { clusterId: string; name: string | null },
): Promise<string> {
  const others = await tx.tunnelAgent.findMany({
    where: { clusterId, revokedAt: null },
    include: { cluster: true, connections: { where: { until: null }, take: 1 } },
  });
  const former = others.find((other) => other.name === name);
  if (!former && others.length >= MOST_AGENTS) {
    const message = `The cluster has ${MOST_AGENTS} agents, the most there may be. Remove one first.`;
    throw new AppError("resource_exhausted", message);
  }
  if (name === null) return freeName(others);
  if (!former) return name;
  if (former.connections.length > 0) {
    const takes =
      "a name that no connected agent of the cluster has: choose another, or revoke that one first";
    throw new AppError("conflict", `name: ${JSON.stringify(name)} is taken; takes ${takes}`, {
      details: [{ field: "name", got: name, takes }],
    });
  }
  await revokeWithin(tx, ctx, { agent: former, reason: "Another joined under its name." });
  return name;
}

function freeName(others: readonly { name: string }[]): string {
  const taken = new Set(others.map(({ name }) => name));
  for (let number = 1; ; number++) if (!taken.has(`agent-${number}`)) return `agent-${number}`;
}
