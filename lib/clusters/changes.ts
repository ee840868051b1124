import type { Cluster } from "../../prisma/generated/client.ts";
import { tellOfEnd } from "../access/requests/told.ts";
import { announceAccessChange } from "../access/table/announce.ts";
import { recordEvent } from "../audit/events/record.ts";
import type { Context } from "../context.ts";
import type { Transaction } from "../db/client.ts";
import { AppError } from "../errors.ts";
import type { ClusterCredential } from "./credentials/schema.ts";
import { type CredentialDestination, isSameDestination } from "./credentials/sealed.ts";

// Steps of the mutations, each within its caller's transaction.

export const clusterEntity = (row: Pick<Cluster, "id" | "name" | "endpoint">) => ({
  entityType: "Cluster" as const,
  entityId: row.id,
  entityName: row.name,
  cluster: { id: row.id, name: row.name, endpoint: row.endpoint },
});

export async function findCurrent(tx: Transaction, id: string): Promise<Cluster> {
  const row = await tx.cluster.findFirst({ where: { id, removedAt: null } });
  if (!row) throw new AppError("not_found", "There is no cluster with that id.");
  return row;
}

/**
 * A credential plugin is a program that runs on this machine, and a token file is one of its files: naming them is for whoever starts
 * the gateway, not for whoever administers it in a browser.
 */
export function requireKnownPrograms(ctx: Context, credential: ClusterCredential): void {
  if (ctx.actor.kind === "system" || !["exec", "tokenFile"].includes(credential.kind)) return;
  const takes =
    "none, token or clientCertificate; npm start -- --kubeconfig FILE registers clusters with plugins";
  throw new AppError("invalid_argument", `credential.kind: got ${credential.kind}; takes ${takes}`, {
    details: [{ field: "credential.kind", got: credential.kind, takes }],
  });
}

/** Where a stored credential would go elsewhere, or to whoever answers there, it is to be given anew. */
export function requireSameDestination(
  before: Cluster,
  after: CredentialDestination & Pick<Cluster, "connection">,
): void {
  if (before.credentialKind === "none") return;
  // Whoever carries the bytes may be the one who answers, where nobody asks for a certificate.
  const isCarriedAlike = before.connection === after.connection || !after.insecureSkipTlsVerify;
  if (isCarriedAlike && isSameDestination(before, after)) return;
  const takes =
    "the credential anew: the stored one was given for the endpoint, authority and TLS settings that the cluster has";
  throw new AppError("invalid_argument", `credential: is missing; takes ${takes}`, {
    details: [{ field: "credential", takes }],
  });
}

/** Where the agent proves calls, the gateway keeps nothing that could. @throws AppError `invalid_argument`. */
export function requireOneCredential({
  connection,
  tunnelCredential,
  credentialKind,
}: Pick<Cluster, "connection" | "tunnelCredential" | "credentialKind">): void {
  if (connection !== "tunnel" || tunnelCredential !== "agent" || credentialKind === "none") return;
  const takes = "none: with tunnelCredential agent it is the agent that proves calls to the API server";
  throw new AppError("invalid_argument", `credential.kind: got ${credentialKind}; takes ${takes}`, {
    details: [{ field: "credential.kind", got: credentialKind, takes }],
  });
}

/** Another cluster may get the name, but nobody gets their rights there with it. */
export async function endGrants(tx: Transaction, ctx: Context, cluster: Cluster): Promise<void> {
  const where = { clusterId: cluster.id, revokedAt: null };
  const grants = await tx.grant.findMany({ where, include: { role: true } });
  const revokeReason = `The cluster ${cluster.name} was removed.`;
  await tx.grant.updateMany({ where, data: { revokedAt: new Date(), revokeReason } });
  if (grants.length > 0) await announceAccessChange(tx);
  for (const { id, role, subjectKind, subjectId, namespaces, origin } of grants) {
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      entityType: "AccessGrant",
      entityId: id,
      entityName: `${role.name} to ${subjectKind} ${subjectId}`,
      cluster: { id: cluster.id, name: cluster.name, endpoint: cluster.endpoint },
      before: { id, role: role.name, subjectKind, subjectId, namespaces },
    });
    if (origin !== "grant") await tellOfEnd(tx, ctx, id);
  }
}
