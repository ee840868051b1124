import { compact, type Fields } from "../objects/fields.ts";
import type { Resource } from "../registry/resource.ts";
import { type ApiField, apiType, isPrimitive } from "../schema/api-types.ts";
import { describeType } from "./descriptions.ts";

/** OpenAPI v2 or v3; they write references and int-or-string differently. */
export type Dialect = "v2" | "v3";

const machinery = "io.k8s.apimachinery.pkg";
const wellKnown: Record<string, string> = {
  Quantity: `${machinery}.api.resource.Quantity`,
  IntOrString: `${machinery}.util.intstr.IntOrString`,
  RawExtension: `${machinery}.runtime.RawExtension`,
  Time: `${machinery}.apis.meta.v1.Time`,
  MicroTime: `${machinery}.apis.meta.v1.MicroTime`,
  FieldsV1: `${machinery}.apis.meta.v1.FieldsV1`,
};

/** `core/v1.PodSpec` as OpenAPI names it: `io.k8s.api.core.v1.PodSpec`. */
function schemaName(typeName: string): string {
  const simple = wellKnown[typeName];
  if (simple !== undefined) return simple;
  const dotted = typeName.replace("/", ".");
  return dotted.startsWith("meta.") ? `${machinery}.apis.${dotted}` : `io.k8s.api.${dotted}`;
}

function primitiveSchema(type: string): Fields {
  switch (type) {
    case "int32":
    case "int64":
    case "uint32":
    case "uint64":
      return { type: "integer", format: type };
    case "float64":
      return { type: "number", format: "double" };
    case "bool":
      return { type: "boolean" };
    case "bytes":
      return { type: "string", format: "byte" };
    default:
      return { type: "string" };
  }
}

function wellKnownSchema(type: string, dialect: Dialect): Fields {
  switch (type) {
    case "Quantity":
      if (dialect === "v3") return { oneOf: [{ type: "string" }, { type: "number" }] };
      return { type: "string" };
    case "IntOrString":
      if (dialect === "v3")
        return { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" };
      return { type: "string", format: "int-or-string" };
    case "Time":
    case "MicroTime":
      return { type: "string", format: "date-time" };
    default:
      return { type: "object" };
  }
}

/** Collects the schemas of API types and of all types that they use. */
export class TypeSchemas {
  readonly schemas = new Map<string, Fields>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  referTo(name: string): string {
    return this.#dialect === "v2" ? `#/definitions/${name}` : `#/components/schemas/${name}`;
  }

  /** Adds a resource's schema and returns its name. */
  addResource(resource: Resource): string {
    const gvk = [{ group: resource.group, kind: resource.kind, version: resource.version }];
    if (resource.typeName !== undefined) {
      const name = this.addType(resource.typeName);
      const schema = this.schemas.get(name);
      if (schema !== undefined) schema["x-kubernetes-group-version-kind"] = gvk;
      return name;
    }
    const reversed = resource.group.split(".").reverse().join(".");
    const name = `${reversed}.${resource.version}.${resource.kind}`;
    this.schemas.set(name, { ...this.#customSchema(resource), "x-kubernetes-group-version-kind": gvk });
    return name;
  }

  addType(typeName: string): string {
    const name = schemaName(typeName);
    if (this.schemas.has(name)) return name;
    if (wellKnown[typeName] !== undefined) {
      this.schemas.set(name, wellKnownSchema(typeName, this.#dialect));
      return name;
    }
    const type = apiType(typeName);
    const descriptions = describeType(typeName);
    const properties: Fields = {};
    const schema: Fields = compact({
      description: descriptions.type || undefined,
      type: "object",
      properties,
      "x-kubernetes-map-type": type?.atomic === true ? "atomic" : undefined,
    });
    this.schemas.set(name, schema);
    if (type?.isKind === true) Object.assign(properties, this.#identity(typeName));
    const required: string[] = [];
    for (const field of type?.fields.values() ?? []) {
      properties[field.name] = this.#fieldSchema(field, descriptions.fields.get(field.name));
      if (field.required) required.push(field.name);
    }
    if (required.length > 0) schema.required = required.sort();
    return name;
  }

  #identity(typeName: string): Fields {
    const { fields } = describeType(typeName);
    const text = (name: string) => compact({ description: fields.get(name), type: "string" });
    return { apiVersion: text("apiVersion"), kind: text("kind") };
  }

  #customSchema(resource: Resource): Fields {
    const given = (resource.customSchema ?? { type: "object" }) as Fields;
    const properties: Fields = {
      ...this.#identity("core/v1.ConfigMap"),
      metadata: this.#reference("meta/v1.ObjectMeta", undefined),
      ...(given.properties as Fields | undefined),
    };
    properties.metadata = this.#reference("meta/v1.ObjectMeta", undefined);
    const open = resource.customSchema === undefined ? { "x-kubernetes-preserve-unknown-fields": true } : {};
    return { ...given, type: "object", properties, ...(open as Fields) };
  }

  #reference(typeName: string, description: string | undefined): Fields {
    const $ref = this.referTo(this.addType(typeName));
    if (this.#dialect === "v2") return compact({ description, $ref });
    return compact({ description, allOf: [{ $ref }] });
  }

  #valueSchema(type: string, description: string | undefined): Fields {
    if (wellKnown[type] !== undefined || !isPrimitive(type)) return this.#reference(type, description);
    return compact({ description, ...primitiveSchema(type) });
  }

  #fieldSchema(field: ApiField, description: string | undefined): Fields {
    const element = () => this.#valueSchema(field.type, undefined);
    const patch = {
      "x-kubernetes-patch-merge-key": field.patchMergeKey,
      "x-kubernetes-patch-strategy":
        field.patchStrategy.length > 0 ? field.patchStrategy.join(",") : undefined,
    };
    if (field.map) {
      const value = field.list ? { type: "array", items: element() } : element();
      const atomic = field.atomic ? "atomic" : undefined;
      return compact({
        description,
        type: "object",
        additionalProperties: value,
        "x-kubernetes-map-type": atomic,
      });
    }
    if (!field.list) return compact({ ...this.#valueSchema(field.type, description), ...patch });
    const { type, keys } = field.listMerge;
    return compact({
      description,
      type: "array",
      items: element(),
      "x-kubernetes-list-type": type,
      "x-kubernetes-list-map-keys": keys.length > 0 ? keys : undefined,
      ...patch,
    });
  }
}
