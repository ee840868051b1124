import type { Fields } from "./fields.ts";

export type OwnerReference = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};

/** Who last set which fields; `fieldsV1` as in the Kubernetes documentation on server-side apply. */
export type ManagedFieldsEntry = {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time?: string;
  fieldsType: "FieldsV1";
  fieldsV1: Fields;
  subresource?: string;
};

type ObjectMeta = {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
};

/**
 * An API object as stored. Stored objects are shared and never changed in place: writers clone them.
 */
export type KubeObject = {
  kind: string;
  apiVersion: string;
  metadata: ObjectMeta;
  spec?: Fields;
  status?: Fields;
  [field: string]: unknown;
};

/** What a writer may leave out: the server fills in the rest of the metadata. */
export type NewObject = {
  kind: string;
  apiVersion: string;
  metadata: Partial<ObjectMeta>;
  [field: string]: unknown;
};

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

/** A time as the API writes it: RFC 3339, seconds, UTC. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
