import { randomUUID } from "node:crypto";
import { requirePermission } from "../access/permission.ts";
import { recordEvent } from "../audit/events/record.ts";
import { config } from "../config.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../db/client.ts";
import { database } from "../db/connection.ts";
import { refuseDuplicate } from "../db/duplicate.ts";
import { announceRevocation } from "../revocation/revocation.ts";
import { revokeAgentsOf } from "../tunnels/agents/revoke.ts";
import { announceClusterChange } from "./announce.ts";
import {
  clusterEntity,
  endGrants,
  findCurrent,
  requireKnownPrograms,
  requireOneCredential,
  requireSameDestination,
} from "./changes.ts";
import { sealCredential } from "./credentials/sealed.ts";
import { viewCluster } from "./data.ts";
import { checkReach } from "./endpoint.ts";
import { requireOtherThanThis } from "./own-address.ts";
import { type ClusterView, RegisterClusterInput, UpdateClusterInput } from "./schema.ts";

/**
 * Registers a cluster; its credential is stored sealed.
 * @throws AppError `conflict` where the name is taken, `invalid_argument` for an address that may not be called.
 */
export async function registerCluster({
  ctx,
  input,
}: {
  ctx: Context;
  input: RegisterClusterInput;
}): Promise<ClusterView> {
  requirePermission(ctx, "clusters:write");
  const { credential, ...cluster } = RegisterClusterInput.parse(input);
  requireKnownPrograms(ctx, credential);
  const endpoint = await checkReach(cluster, config().clusters);
  requireOneCredential({ ...cluster, credentialKind: credential.kind });
  await requireOtherThanThis({ endpoint, credential });
  const id = randomUUID();
  const destination = { ...cluster, id, endpoint };
  const sealed = sealCredential(destination, credential);
  const data = { ...destination, credentialKind: credential.kind, credential: sealed };
  return inTransaction(database(), async (tx) => {
    // A name may be given again once its cluster is gone; the record knows clusters by their ids.
    await tx.cluster.deleteMany({ where: { name: cluster.name, removedAt: { not: null } } });
    const row = await refuseDuplicate(tx.cluster.create({ data }), { field: "name", value: cluster.name });
    await announceClusterChange(tx);
    await recordEvent(tx, ctx, { action: "Create", ...clusterEntity(row), after: viewCluster(row) });
    return viewCluster(row);
  });
}

/**
 * Changes a cluster; calls that are under way go on. Its credential was given for its address, authority and TLS settings: whoever changes
 * one of them gives it anew.
 * @throws AppError `invalid_argument` where they do not, or the address may not be called; `conflict` where the name is taken; `not_found`.
 */
export async function updateCluster({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateClusterInput;
}): Promise<ClusterView> {
  requirePermission(ctx, "clusters:write");
  const { id, ...rest } = input;
  const { credential, ...change } = UpdateClusterInput.parse(rest);
  if (credential) requireKnownPrograms(ctx, credential);
  const current = { ...(await findCurrent(database(), id)), ...withoutAbsent(change) };
  if (change.endpoint !== undefined || change.connection !== undefined)
    change.endpoint = await checkReach(current, config().clusters);
  await requireOtherThanThis({ endpoint: change.endpoint, credential });
  return inTransaction(database(), async (tx) => {
    const before = await findCurrent(tx, id);
    const destination = { ...before, ...withoutAbsent(change) };
    if (!credential) requireSameDestination(before, destination);
    requireOneCredential({ ...destination, credentialKind: credential?.kind ?? before.credentialKind });
    const sealed = credential && {
      credentialKind: credential.kind,
      credential: sealCredential(destination, credential),
    };
    const update = tx.cluster.update({ where: { id: before.id }, data: { ...change, ...sealed } });
    const row = await refuseDuplicate(update, { field: "name", value: change.name ?? before.name });
    // What was found before says nothing of what it is now.
    await tx.clusterHealth.deleteMany({ where: { clusterId: row.id } });
    await announceClusterChange(tx);
    const credentialChanged = credential !== undefined;
    await recordEvent(tx, ctx, {
      action: "Update",
      ...clusterEntity(row),
      before: viewCluster(before),
      after: { ...viewCluster(row), credentialChanged },
    });
    return viewCluster(row);
  });
}

/** Removes a cluster and its credential, and takes back the grants on it. What runs there ends within seconds. */
export async function removeCluster({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "clusters:write");
  await inTransaction(database(), async (tx) => {
    const before = await findCurrent(tx, input.id);
    await tx.cluster.update({
      where: { id: before.id },
      data: { removedAt: new Date(), credential: null },
    });
    await announceClusterChange(tx);
    await announceRevocation(tx, { kind: "cluster", id: before.id });
    await recordEvent(tx, ctx, { action: "Delete", ...clusterEntity(before), before: viewCluster(before) });
    await endGrants(tx, ctx, before);
    await revokeAgentsOf(tx, ctx, before);
  });
}

/** What a change says; a field that is undefined says nothing. */
function withoutAbsent<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const present = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]: Exclude<T[K], undefined> };
}
