import type { Fields } from "../objects/fields.ts";
import type { Registry } from "../registry/registry.ts";
import type { Resource } from "../registry/resource.ts";
import { resourcePaths } from "./paths.ts";
import { type Dialect, TypeSchemas } from "./type-schemas.ts";

const info = { title: "Kubernetes", version: "v1.33.4" };

function collect(resources: readonly Resource[], dialect: Dialect): { paths: Fields; schemas: Fields } {
  const types = new TypeSchemas(dialect);
  const paths: Fields = {};
  for (const resource of resources) {
    const schema = types.referTo(types.addResource(resource));
    Object.assign(paths, resourcePaths(resource, dialect, schema));
  }
  if (resources.some(({ group }) => group === "autoscaling" || group === "apps" || group === "")) {
    types.addType("autoscaling/v1.Scale");
  }
  types.addType("meta/v1.DeleteOptions");
  return { paths, schemas: Object.fromEntries(types.schemas) };
}

/** The one document of `/openapi/v2`. */
export function openApiV2(registry: Registry): Fields {
  const { paths, schemas } = collect(registry.resources, "v2");
  return { swagger: "2.0", info, paths, definitions: schemas };
}

/** The document of one group version under `/openapi/v3`. */
export function openApiV3(registry: Registry, group: string, version: string): Fields | undefined {
  const resources = registry.inGroupVersion({ group, version });
  if (resources.length === 0) return undefined;
  const { paths, schemas } = collect(resources, "v3");
  return { openapi: "3.0.0", info, paths, components: { schemas } };
}
