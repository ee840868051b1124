import { compact, type Fields } from "../objects/fields.ts";
import { apiVersionOf, type Resource } from "../registry/resource.ts";
import type { Dialect } from "./type-schemas.ts";

const writeParameters = ["dryRun", "fieldManager", "fieldValidation"];
const readParameters = ["pretty"];

function parameter(name: string, dialect: Dialect): Fields {
  const typed =
    dialect === "v2"
      ? { type: "string", uniqueItems: true }
      : { schema: { type: "string", uniqueItems: true } };
  return { name, in: "query", description: name, ...typed };
}

type Operation = { method: string; verb: string; action: string; body: boolean };

const collectionOperations: Operation[] = [
  { method: "get", verb: "list", action: "list", body: false },
  { method: "post", verb: "create", action: "post", body: true },
  { method: "delete", verb: "deletecollection", action: "deletecollection", body: false },
];

const objectOperations: Operation[] = [
  { method: "get", verb: "get", action: "get", body: false },
  { method: "put", verb: "update", action: "put", body: true },
  { method: "patch", verb: "patch", action: "patch", body: true },
  { method: "delete", verb: "delete", action: "delete", body: false },
];

function describe(resource: Resource, { action, body }: Operation, dialect: Dialect, schema: string): Fields {
  const content = { "application/json": { schema: { $ref: schema } } };
  const ok =
    dialect === "v2" ? { description: "OK", schema: { $ref: schema } } : { description: "OK", content };
  return compact({
    operationId: `${action}${resource.kind}`,
    parameters: (body ? writeParameters : readParameters).map((name) => parameter(name, dialect)),
    responses: { "200": ok, "401": { description: "Unauthorized" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": {
      group: resource.group,
      version: resource.version,
      kind: resource.kind,
    },
  });
}

function pathItem(resource: Resource, operations: Operation[], dialect: Dialect, schema: string): Fields {
  const served = operations.filter(({ verb }) => resource.verbs.includes(verb));
  return Object.fromEntries(
    served.map((operation) => [operation.method, describe(resource, operation, dialect, schema)]),
  );
}

/** The paths of a resource: its collection and its objects, with the parameters that clients look for. */
export function resourcePaths(resource: Resource, dialect: Dialect, schema: string): Fields {
  const prefix = resource.group === "" ? "/api" : "/apis";
  const scope = resource.namespaced ? "/namespaces/{namespace}" : "";
  const base = `${prefix}/${apiVersionOf(resource)}${scope}/${resource.resource}`;
  const paths: Fields = { [base]: pathItem(resource, collectionOperations, dialect, schema) };
  const item = pathItem(resource, objectOperations, dialect, schema);
  if (Object.keys(item).length > 0) paths[`${base}/{name}`] = item;
  return paths;
}
