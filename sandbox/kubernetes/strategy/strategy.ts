import type { Cluster } from "../cluster.ts";
import type { FieldError } from "../http/status-error.ts";
import type { KubeObject } from "../objects/object.ts";

/** What is particular to one kind of object when it is written. Objects passed in may be changed in place. */
export type Strategy = {
  /** Fills in what the API's defaults and the usual admission plugins would. */
  setDefaults?(object: KubeObject, cluster: Cluster): void;
  /** Prepares a new object after defaulting: its first status, what the server allots. */
  prepareForCreate?(object: KubeObject, cluster: Cluster): void;
  validate?(object: KubeObject): FieldError[];
  validateUpdate?(object: KubeObject, before: KubeObject): FieldError[];
  /** The objects that a delete answers with themselves instead of a Status. */
  returnsDeleted?: true;
};
