import { builtInResources } from "./built-in.ts";
import { apiVersionOf, type Resource } from "./resource.ts";

export type GroupVersion = { group: string; version: string };

/** Every resource now served: the built-in ones and those that custom resource definitions add. */
export class Registry {
  #resources: Resource[] = [...builtInResources];
  #byPath = new Map<string, Resource>();
  #byStorage = new Map<string, Resource>();
  #generation = 0;

  constructor() {
    this.#index();
  }

  /** Grows with every change, so that documents built from the registry can be cached. */
  get generation(): number {
    return this.#generation;
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  find(group: string, version: string, resource: string): Resource | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  findKind(apiVersion: string, kind: string): Resource | undefined {
    return this.#resources.find(
      (resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion && !resource.virtual,
    );
  }

  /** The version in which the objects of a `group/resource` are stored. */
  storage(key: string): Resource {
    const resource = this.#byStorage.get(key);
    if (resource === undefined) throw new Error(`no resource is stored as ${key}`);
    return resource;
  }

  /** The groups in discovery's order, each with its versions, the preferred one first. */
  groups(): { group: string; versions: string[] }[] {
    const groups = new Map<string, string[]>();
    for (const { group, version } of this.#resources) {
      const versions = groups.get(group) ?? [];
      if (!versions.includes(version)) versions.push(version);
      groups.set(group, versions);
    }
    return [...groups].map(([group, versions]) => ({ group, versions }));
  }

  inGroupVersion({ group, version }: GroupVersion): Resource[] {
    return this.#resources.filter((resource) => resource.group === group && resource.version === version);
  }

  /** Replaces the custom resources of one definition; an empty list removes them. */
  setCustomResources(storage: string, resources: Resource[]): void {
    this.#resources = this.#resources.filter((resource) => resource.storage !== storage).concat(resources);
    this.#index();
  }

  #index(): void {
    this.#generation += 1;
    this.#byPath.clear();
    this.#byStorage.clear();
    for (const resource of this.#resources) {
      this.#byPath.set(`${resource.group}/${resource.version}/${resource.resource}`, resource);
      if (resource.conversion === undefined && !resource.virtual)
        this.#byStorage.set(resource.storage, resource);
    }
  }
}
