import type { Cluster } from "../cluster.ts";
import { conflict } from "../http/status-error.ts";
import type { Resource } from "../registry/resource.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import { formatTime, type KubeObject } from "./object.ts";

export type DeleteOptions = {
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: string | undefined;
  uid?: string | undefined;
  resourceVersion?: string | undefined;
};

export type DeleteInput = {
  cluster: Cluster;
  resource: Resource;
  object: KubeObject;
  options?: DeleteOptions;
  dryRun?: boolean;
};

/** `gone` tells whether the object is removed already or only on its way out. */
export type DeleteOutcome = { object: KubeObject; gone: boolean };

function checkPreconditions({ resource, object, options }: DeleteInput): void {
  const { name, uid, resourceVersion } = object.metadata;
  const check = (field: string, wanted: string | undefined, found: string) => {
    if (wanted === undefined || wanted === found) return;
    const why = `Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${found}`;
    throw conflict(resource, name, why);
  };
  check("UID", options?.uid, uid);
  check("ResourceVersion", options?.resourceVersion, resourceVersion);
}

function graceOf({ resource, object, options }: DeleteInput): number {
  if (resource.storage !== "/pods") return 0;
  const phase = textOf(at(object, "status", "phase"));
  const unscheduled = textOf(at(object, "spec", "nodeName")) === "";
  if (unscheduled || phase === "Succeeded" || phase === "Failed") return 0;
  return options?.gracePeriodSeconds ?? numberOf(at(object, "spec", "terminationGracePeriodSeconds"), 30);
}

/** The finalizer with which the garbage collector first deals with the dependents. */
function propagationFinalizer(policy: string | undefined): string[] {
  if (policy === "Foreground") return ["foregroundDeletion"];
  return policy === "Orphan" ? ["orphan"] : [];
}

function isNamespace(resource: Resource): boolean {
  return resource.storage === "/namespaces";
}

/** Deletes an object, or marks it for deletion where a grace period, finalizers or contents come first. */
export function deleteObject(input: DeleteInput): DeleteOutcome {
  const { cluster, resource, object, options } = input;
  checkPreconditions(input);
  const grace = graceOf(input);
  const added = propagationFinalizer(options?.propagationPolicy);
  const finalizers = [...new Set([...(object.metadata.finalizers ?? []), ...added])];
  const mustWait = grace > 0 || finalizers.length > 0 || isNamespace(resource);
  if (!mustWait) {
    if (input.dryRun === true) return { object, gone: true };
    return { object: cluster.store.remove(resource.storage, object) ?? object, gone: true };
  }
  const marked = object.metadata.deletionTimestamp !== undefined;
  const shortened = grace < (object.metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
  if (marked && !shortened) return { object, gone: false };
  const deleting: KubeObject = {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: formatTime(new Date(cluster.now().getTime() + grace * 1000)),
      deletionGracePeriodSeconds: grace,
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  };
  if (isNamespace(resource)) deleting.status = { ...fieldsOf(object.status), phase: "Terminating" };
  if (input.dryRun === true) return { object: deleting, gone: false };
  return { object: cluster.store.put(resource.storage, deleting), gone: false };
}

/** The parts of a `DeleteOptions` body that matter here. */
export function readDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents } = fieldsOf(body);
  const grace = query.get("gracePeriodSeconds");
  const orphan = orphanDependents === true ? "Orphan" : undefined;
  return {
    gracePeriodSeconds:
      typeof gracePeriodSeconds === "number" ? gracePeriodSeconds : grace ? Number(grace) : undefined,
    propagationPolicy: textOf(propagationPolicy) || query.get("propagationPolicy") || orphan,
    uid: textOf(at(preconditions, "uid")) || undefined,
    resourceVersion: textOf(at(preconditions, "resourceVersion")) || undefined,
  };
}

export function isDryRun(body: unknown, query: URLSearchParams): boolean {
  return query.getAll("dryRun").includes("All") || listOf(at(body, "dryRun")).includes("All");
}
