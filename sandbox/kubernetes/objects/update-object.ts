import { managersAfterUpdate } from "../apply/managed-fields.ts";
import type { Cluster } from "../cluster.ts";
import { conflict, invalid, staleResourceVersion } from "../http/status-error.ts";
import type { Resource } from "../registry/resource.ts";
import { normalizeObject } from "../schema/normalize.ts";
import { strategyOf } from "../strategy/strategies.ts";
import { strategyHasGeneration } from "./create-object.ts";
import { cloneJson, equalJson, type Fields } from "./fields.ts";
import { validateMetadata } from "./metadata.ts";
import { formatTime, type KubeObject } from "./object.ts";

export type UpdateObjectInput = {
  cluster: Cluster;
  /** The resource in its stored version. */
  resource: Resource;
  before: KubeObject;
  after: KubeObject;
  manager: string;
  /** `status` changes nothing but the status; other subresources and none leave the status alone. */
  subresource?: string | undefined;
  dryRun?: boolean;
  /** The managers that server-side apply worked out. */
  managed?: boolean;
};

function checkIdentity({ resource, before, after }: UpdateObjectInput): void {
  const { uid, resourceVersion, name } = after.metadata;
  if (uid && uid !== before.metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
    throw staleResourceVersion(resource, name);
  }
}

function hasStatusSubresource(resource: Resource): boolean {
  return resource.subresources.some((subresource) => subresource.name === "status");
}

/** What a write may change: the status through its subresource, everything else otherwise. */
function permittedChange({ resource, before, after, subresource }: UpdateObjectInput): KubeObject {
  const metadata = {
    ...after.metadata,
    uid: before.metadata.uid,
    resourceVersion: before.metadata.resourceVersion,
    creationTimestamp: before.metadata.creationTimestamp,
    ...(before.metadata.generation === undefined ? {} : { generation: before.metadata.generation }),
  };
  for (const name of ["deletionTimestamp", "deletionGracePeriodSeconds"] as const) {
    delete metadata[name];
    if (before.metadata[name] !== undefined) Object.assign(metadata, { [name]: before.metadata[name] });
  }
  if (subresource === "status") {
    const labels = {
      ...before.metadata,
      ...(metadata.managedFields ? { managedFields: metadata.managedFields } : {}),
    };
    return {
      ...before,
      metadata: { ...labels, annotations: metadata.annotations, labels: metadata.labels },
      status: after.status,
    } as KubeObject;
  }
  const result: KubeObject = { ...after, metadata };
  if (hasStatusSubresource(resource)) {
    delete result.status;
    if (before.status !== undefined) result.status = before.status;
  }
  return result;
}

function desiredState(object: KubeObject): Fields {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

function withoutBookkeeping(object: KubeObject): Fields {
  const { managedFields: _managed, resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/**
 * Replaces an object after defaulting and validation. An update that changes nothing is not written.
 * Throws 409 on a stale resource version and 422 on fields that are wrong or may not change.
 */
export function updateObject(input: UpdateObjectInput): KubeObject {
  const { cluster, resource, before, manager, subresource } = input;
  checkIdentity(input);
  const after = cloneJson(permittedChange(input));
  pruneUndefined(after.metadata);
  const strategy = strategyOf(resource.storage);
  normalizeObject(resource.typeName, after);
  if (subresource !== "status") {
    strategy.setDefaults?.(after, cluster);
    const errors = [
      ...validateMetadata(resource, after),
      ...(strategy.validate?.(after) ?? []),
      ...(subresource === "ephemeralcontainers" ? [] : (strategy.validateUpdate?.(after, before) ?? [])),
    ];
    if (errors.length > 0) throw invalid(resource, after.metadata.name, errors);
    if (strategyHasGeneration(resource) && !equalJson(desiredState(before), desiredState(after))) {
      after.metadata.generation = (before.metadata.generation ?? 0) + 1;
    }
  }
  if (input.managed !== true) {
    const now = formatTime(cluster.now());
    const managedFields = managersAfterUpdate({ resource, before, after, manager, subresource, now });
    if (managedFields === undefined) delete after.metadata.managedFields;
    else after.metadata.managedFields = managedFields;
  }
  if (equalJson(withoutBookkeeping(before), withoutBookkeeping(after))) {
    if (equalJson(before.metadata.managedFields, after.metadata.managedFields)) return before;
  }
  if (input.dryRun === true) return after;
  if (isFinished(after)) return cluster.store.remove(resource.storage, after) ?? after;
  return cluster.store.put(resource.storage, after);
}

/** The last finalizer of an object being deleted is gone: so is the object. */
function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  if (deletionTimestamp === undefined || (finalizers ?? []).length > 0) return false;
  const awaitsContents = object.kind === "Namespace" && object.apiVersion === "v1";
  return !awaitsContents && (deletionGracePeriodSeconds ?? 0) === 0;
}

function pruneUndefined(fields: object): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) delete (fields as Fields)[name];
  }
}
