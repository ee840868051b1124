import { createHash, X509Certificate } from "node:crypto";
import type { Cluster, TunnelAgent, TunnelJoinToken } from "../../../prisma/generated/client.ts";
import { createJoinSecret, formatJoinToken, keyPin } from "../protocol/join-token.ts";
import type { JoinTokenView } from "./schema.ts";

/** A new token and what is kept of it. `authority`: PEM of what the agent is to trust the gateway by; null: what its machine does. */
export function newJoinToken(authority: string | null): { token: string; hash: Uint8Array<ArrayBuffer> } {
  const secret = createJoinSecret();
  const pin = authority === null ? null : keyPin(new X509Certificate(authority));
  return { token: formatJoinToken({ secret, pin }), hash: hashSecret(secret) };
}

/** 256 random bits need no salt and no slow hash. */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash("sha256").update(secret, "utf8").digest());

/** What of it an event names. */
export const joinTokenEntity = ({ id, cluster }: Pick<JoinTokenRow, "id" | "cluster">) => ({
  entityType: "TunnelAgent" as const,
  entityId: id,
  entityName: `join token for ${cluster.name}`,
  cluster: { id: cluster.id, name: cluster.name, endpoint: cluster.endpoint },
});

export type JoinTokenRow = TunnelJoinToken & { cluster: Cluster; agent: TunnelAgent | null };

export function viewJoinToken(row: JoinTokenRow): JoinTokenView {
  return {
    id: row.id,
    cluster: { id: row.cluster.id, name: row.cluster.name },
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    expiresAt: row.expiresAt.toISOString(),
    agent: row.agent && { id: row.agent.id, name: row.agent.name },
  };
}
