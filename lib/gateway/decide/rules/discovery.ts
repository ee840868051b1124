import { z } from "zod";

/** The aggregated form: everything that a cluster serves in two answers (Kubernetes 1.27 and newer; beta in 1.26). */
export const AGGREGATED_DISCOVERY = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

/** One resource, or one subresource, that a cluster serves. */
export interface ServedResource {
  apiGroup: string;
  resource: string;
  /** `""`: the resource itself. */
  subresource: string;
  isNamespaced: boolean;
  verbs: readonly string[];
}

const verbs = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const DiscoveryList = z.object({
  kind: z.literal("APIGroupDiscoveryList"),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z.array(
        z.object({
          freshness: z.string().nullish(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                scope: z.string(),
                verbs,
                subresources: z.array(z.object({ subresource: z.string(), verbs })).nullish(),
              }),
            )
            .nullish(),
        }),
      ),
    }),
  ),
});

export interface Served {
  resources: ServedResource[];
  /** API groups of which the cluster itself has no fresh answer. */
  stale: string[];
}

/** Reads one answer of discovery; null where it is none in the aggregated form. */
export function readDiscovery(answer: unknown): Served | null {
  const list = DiscoveryList.safeParse(answer);
  if (!list.success) return null;
  const stale = new Set<string>();
  const resources = list.data.items.flatMap(({ metadata: { name: apiGroup }, versions }) =>
    versions.flatMap((version) => {
      if (version.freshness === "Stale") stale.add(apiGroup);
      return (version.resources ?? []).flatMap(({ resource, scope, verbs, subresources }) => {
        const of = { apiGroup, resource, isNamespaced: scope === "Namespaced" };
        const below = (subresources ?? []).map((each) => ({ ...of, ...each }));
        // A resource that is served only for its subresources has no verbs.
        return verbs.length === 0 ? below : [{ ...of, subresource: "", verbs }, ...below];
      });
    }),
  );
  return { resources: joinVersions(resources), stale: [...stale] };
}

/** Several versions of a group serve the same: policies do not tell them apart. */
function joinVersions(resources: readonly ServedResource[]): ServedResource[] {
  const joined = new Map<string, ServedResource>();
  for (const each of resources) {
    const key = `${each.apiGroup} ${each.resource} ${each.subresource}`;
    const before = joined.get(key);
    joined.set(key, before ? { ...before, verbs: [...new Set([...before.verbs, ...each.verbs])] } : each);
  }
  return [...joined.values()];
}
