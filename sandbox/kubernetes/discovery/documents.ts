import { compact, type Fields } from "../objects/fields.ts";
import type { Registry } from "../registry/registry.ts";
import { apiVersionOf, type Resource, type Subresource } from "../registry/resource.ts";

const present = (list: string[]) => (list.length > 0 ? list : undefined);

/** The legacy `APIResourceList` of a group version. */
export function resourceList(registry: Registry, group: string, version: string): Fields | undefined {
  const found = registry.inGroupVersion({ group, version });
  if (found.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version }),
    resources: found.flatMap((resource) => [
      compact({
        name: resource.resource,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        shortNames: present(resource.shortNames),
        categories: present(resource.categories),
        storageVersionHash: resource.virtual ? undefined : storageHash(resource),
      }),
      ...resource.subresources.map((subresource) => legacySubresource(resource, subresource)),
    ]),
  };
}

function storageHash(resource: Resource): string {
  return Buffer.from(resource.storage.padEnd(8, "=").slice(-8)).toString("base64");
}

function legacySubresource(resource: Resource, subresource: Subresource): Fields {
  return compact({
    name: `${resource.resource}/${subresource.name}`,
    singularName: "",
    namespaced: resource.namespaced,
    group: subresource.group,
    version: subresource.version,
    kind: subresource.kind,
    verbs: subresource.verbs,
  });
}

function groupEntry(group: string, versions: string[]): Fields {
  const entries = versions.map((version) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

/** The legacy `APIGroupList` of `/apis`. */
export function groupList(registry: Registry): Fields {
  const groups = registry
    .groups()
    .filter(({ group }) => group !== "")
    .map(({ group, versions }) => groupEntry(group, versions));
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

export function apiGroup(registry: Registry, name: string): Fields | undefined {
  const found = registry.groups().find(({ group }) => group === name && group !== "");
  if (found === undefined) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(found.group, found.versions) };
}

function discoveredResource(resource: Resource, custom: boolean): Fields {
  const kindOf = (kind: string, group = "", version = "") => ({ group, version, kind });
  const own = custom ? { group: resource.group, version: resource.version } : { group: "", version: "" };
  return compact({
    resource: resource.resource,
    responseKind: kindOf(resource.kind, own.group, own.version),
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs: resource.verbs,
    shortNames: present(resource.shortNames),
    categories: present(resource.categories),
    subresources:
      resource.subresources.length === 0
        ? undefined
        : resource.subresources.map(({ name, kind, group, version, verbs }) => ({
            subresource: name,
            responseKind: kindOf(kind, group ?? own.group, version ?? own.version),
            verbs,
          })),
  });
}

/** The aggregated `APIGroupDiscoveryList` of `/api` (legacy group) or `/apis`. */
export function aggregatedDiscovery(registry: Registry, core: boolean, version: string): Fields {
  const items = registry
    .groups()
    .filter(({ group }) => (group === "") === core)
    .map(({ group, versions }) => ({
      metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
      versions: versions.map((name) => ({
        version: name,
        resources: registry
          .inGroupVersion({ group, version: name })
          .map((resource) => discoveredResource(resource, resource.customSchema !== undefined)),
        freshness: "Current",
      })),
    }));
  return { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}
