import { managersAfterUpdate } from "../apply/managed-fields.ts";
import type { Cluster } from "../cluster.ts";
import { alreadyExists, forbidden, invalid, notFound, requiredValue } from "../http/status-error.ts";
import type { Resource } from "../registry/resource.ts";
import { normalizeObject } from "../schema/normalize.ts";
import { strategyOf } from "../strategy/strategies.ts";
import { cloneJson, compact } from "./fields.ts";
import { validateMetadata } from "./metadata.ts";
import { formatTime, type KubeObject, type NewObject } from "./object.ts";

export type CreateInput = {
  cluster: Cluster;
  /** The resource in its stored version. */
  resource: Resource;
  object: NewObject;
  manager: string;
  dryRun?: boolean;
  /** When the object says it was made; now unless the seed backdates it. */
  createdAt?: Date;
  /** The managers that server-side apply worked out; otherwise the writer owns all. */
  managed?: boolean;
};

function requireNamespace(
  { cluster, resource }: CreateInput,
  metadata: { namespace?: string; name: string },
): void {
  if (!resource.namespaced) return;
  const name = metadata.namespace ?? "";
  const namespace = cluster.store.get("/namespaces", "", name);
  if (namespace === undefined) throw notFound({ group: "", resource: "namespaces" }, name);
  if (namespace.metadata.deletionTimestamp !== undefined) {
    throw forbidden(
      resource,
      metadata.name,
      `unable to create new content in namespace ${name} because it is being terminated`,
    );
  }
}

/** Creates an object after defaulting, admission and validation; throws a StatusError when refused. */
export function createObject(input: CreateInput): KubeObject {
  const { cluster, resource, manager } = input;
  const given = cloneJson(input.object);
  const now = formatTime(input.createdAt ?? cluster.now());
  const generateName = given.metadata.generateName;
  const name = given.metadata.name ?? (generateName ? `${generateName}${cluster.randomSuffix()}` : "");
  if (name === "") {
    throw invalid(resource, "", [requiredValue("metadata.name", "name or generateName is required")]);
  }
  const object = {
    ...given,
    metadata: compact({
      ...given.metadata,
      name,
      uid: cluster.newUid(),
      resourceVersion: "",
      generation: strategyHasGeneration(resource) ? 1 : undefined,
      creationTimestamp: now,
      deletionTimestamp: undefined,
      deletionGracePeriodSeconds: undefined,
    }),
  } as KubeObject;
  const strategy = strategyOf(resource.storage);
  normalizeObject(resource.typeName, object);
  strategy.setDefaults?.(object, cluster);
  const errors = [...validateMetadata(resource, object), ...(strategy.validate?.(object) ?? [])];
  if (errors.length > 0) throw invalid(resource, name, errors);
  requireNamespace(input, object.metadata);
  if (cluster.store.get(resource.storage, object.metadata.namespace ?? "", name) !== undefined) {
    throw alreadyExists(resource, name);
  }
  if (resource.subresources.some((subresource) => subresource.name === "status")) delete object.status;
  strategy.prepareForCreate?.(object, cluster);
  if (input.managed !== true) {
    const managedFields = managersAfterUpdate({ resource, before: undefined, after: object, manager, now });
    object.metadata.managedFields = managedFields ?? [];
  }
  if (input.dryRun === true) return object;
  return cluster.store.put(resource.storage, object);
}

const withoutGeneration = new Set([
  "/configmaps",
  "/secrets",
  "/namespaces",
  "/nodes",
  "/services",
  "/serviceaccounts",
  "/endpoints",
  "/events",
  "/persistentvolumes",
  "/persistentvolumeclaims",
  "/limitranges",
  "/resourcequotas",
  "apps/controllerrevisions",
  "coordination.k8s.io/leases",
  "storage.k8s.io/storageclasses",
]);

/** Whether the server counts the changes to a resource's desired state in `metadata.generation`. */
export function strategyHasGeneration(resource: Resource): boolean {
  return !withoutGeneration.has(resource.storage) && !resource.group.startsWith("rbac.");
}
