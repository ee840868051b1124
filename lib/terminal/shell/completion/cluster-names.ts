import { z } from "zod";
import { askApi } from "./ask-api.ts";

/** A kind of object of the cluster. */
export interface ResourceKind {
  /** Plural, as in paths. */
  name: string;
  group: string;
  version: string;
  namespaced: boolean;
  /** Singular and short names. */
  others: string[];
}

const KINDS_MS = 60_000;
const NAMES_MS = 5_000;
const MOST_NAMES = 500;
const MOST_CACHED = 50;

const JSON_TYPE = "application/json";
const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `${JSON_TYPE};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");
const METADATA = `${JSON_TYPE};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`;

const discoverySchema = z.object({
  kind: z.literal("APIGroupDiscoveryList"),
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().default("") }).default({ name: "" }),
      versions: z.array(
        z.object({
          version: z.string(),
          resources: z
            .array(
              z.object({
                resource: z.string(),
                scope: z.string(),
                singularResource: z.string().default(""),
                shortNames: z.array(z.string()).default([]),
                verbs: z.array(z.string()).default([]),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

const resourceListSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      singularName: z.string().default(""),
      namespaced: z.boolean(),
      shortNames: z.array(z.string()).default([]),
    }),
  ),
});

const namesSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

/** What older clusters, without aggregated discovery, are asked for. */
const USUAL = [
  "/api/v1",
  "/apis/apps/v1",
  "/apis/batch/v1",
  "/apis/networking.k8s.io/v1",
  "/apis/rbac.authorization.k8s.io/v1",
];

/** The names that the cluster has, asked as the person, remembered for seconds. */
export class ClusterNames {
  readonly #apiSocket: string;
  readonly #cache = new Map<string, { until: number; value: Promise<unknown> }>();

  constructor(apiSocket: string) {
    this.#apiSocket = apiSocket;
  }

  kinds(): Promise<ResourceKind[]> {
    return this.#cached("kinds", KINDS_MS, async () => {
      const answers = await Promise.all(
        ["/api", "/apis"].map((path) => askApi(this.#apiSocket, path, `${AGGREGATED},${JSON_TYPE}`)),
      );
      const found = answers.flatMap(kindsOfDiscovery);
      if (found.length > 0) return found;
      const lists = await Promise.all(
        USUAL.map(async (path) => kindsOfList(path, await askApi(this.#apiSocket, path, JSON_TYPE))),
      );
      return lists.flat();
    });
  }

  /** Null where they cannot be listed. */
  namespaces(): Promise<string[] | null> {
    return this.names({ name: "namespaces", group: "", version: "v1", namespaced: false, others: [] }, "");
  }

  names(kind: ResourceKind, namespace: string): Promise<string[] | null> {
    const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
    const within = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    const path = `${root}${within}/${kind.name}?limit=${MOST_NAMES}`;
    return this.#cached(path, NAMES_MS, async () => {
      const parsed = namesSchema.safeParse(await askApi(this.#apiSocket, path, `${METADATA},${JSON_TYPE}`));
      return parsed.success ? parsed.data.items.map(({ metadata }) => metadata.name) : null;
    });
  }

  /** Names of the containers of a pod. */
  containers(namespace: string, pod: string): Promise<string[]> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
    return this.#cached(path, NAMES_MS, async () => {
      const parsed = podSchema.safeParse(await askApi(this.#apiSocket, path, JSON_TYPE));
      if (!parsed.success) return [];
      const { containers, initContainers, ephemeralContainers } = parsed.data.spec;
      return [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
    });
  }

  /** What other commands may have changed is asked for again. */
  forgetNames(): void {
    for (const key of this.#cache.keys()) if (key !== "kinds") this.#cache.delete(key);
  }

  #cached<T>(key: string, ms: number, ask: () => Promise<T>): Promise<T> {
    const held = this.#cache.get(key);
    if (held && held.until > Date.now()) return held.value as Promise<T>;
    if (this.#cache.size >= MOST_CACHED) this.#cache.clear();
    const value = ask();
    this.#cache.set(key, { until: Date.now() + ms, value });
    return value;
  }
}

const named = z.array(z.object({ name: z.string() })).default([]);
const podSchema = z.object({
  spec: z.object({ containers: named, initContainers: named, ephemeralContainers: named }),
});

function kindsOfDiscovery(answer: unknown): ResourceKind[] {
  const parsed = discoverySchema.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.items.flatMap(({ metadata, versions }) => {
    // The first version is the preferred one.
    const [preferred] = versions;
    return (preferred?.resources ?? []).map(({ resource, scope, singularResource, shortNames }) => ({
      ...{ name: resource, group: metadata.name, version: preferred!.version },
      ...{ namespaced: scope === "Namespaced", others: [singularResource, ...shortNames].filter(Boolean) },
    }));
  });
}

function kindsOfList(path: string, answer: unknown): ResourceKind[] {
  const parsed = resourceListSchema.safeParse(answer);
  if (!parsed.success) return [];
  const parts = path.split("/");
  const [group, version] = parts.length === 3 ? ["", parts[2]!] : [parts[2]!, parts[3]!];
  return parsed.data.resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, singularName, namespaced, shortNames }) => ({
      ...{ name, group, version, namespaced },
      others: [singularName, ...shortNames].filter(Boolean),
    }));
}
