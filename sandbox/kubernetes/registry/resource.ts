import type { KubeObject } from "../objects/object.ts";

export type Subresource = {
  name: string;
  verbs: string[];
  /** The kind it speaks; `group` and `version` only where they differ from the resource's own. */
  kind: string;
  group?: string;
  version?: string;
};

/** One served resource: what discovery says of it and how its objects are kept. */
export type Resource = {
  group: string;
  version: string;
  kind: string;
  resource: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  verbs: string[];
  subresources: Subresource[];
  /** The type in schema/api-types.txt, absent for custom resources. */
  typeName: string | undefined;
  /** `group/resource` of the version that is stored; other versions convert to and from it. */
  storage: string;
  conversion?: Conversion;
  /** Reviews are answered and never stored. */
  virtual: boolean;
  /** The OpenAPI v3 schema of a custom resource's version. */
  customSchema?: unknown;
  /** Extra columns of a custom resource (`additionalPrinterColumns`). */
  customColumns?: unknown[];
};

export type Conversion = {
  toStorage(object: KubeObject): KubeObject;
  fromStorage(object: KubeObject): KubeObject;
};

export const storedVerbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

export function findSubresource(resource: Resource, name: string): Subresource | undefined {
  return resource.subresources.find((subresource) => subresource.name === name);
}
