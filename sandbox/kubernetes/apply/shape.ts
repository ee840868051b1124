import { at, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { Resource } from "../registry/resource.ts";
import { type ApiField, apiType, isPrimitive } from "../schema/api-types.ts";

/**
 * How a value merges in server-side apply: as one piece (leaf), field by field (struct), key by key (map),
 * as a set, or as a list whose items are told apart by key fields.
 * `implied` values are always present in the Go types, so that nobody comes to own their mere existence.
 */
export type Shape =
  | { kind: "leaf"; implied: boolean }
  | { kind: "struct"; implied: boolean; field(name: string): Shape | undefined }
  | { kind: "map"; implied: boolean; element: Shape }
  | { kind: "set"; implied: boolean }
  | { kind: "keyed"; implied: boolean; keys: string[]; element: Shape };

const leaf: Shape = { kind: "leaf", implied: false };
const cache = new Map<string, Shape>();

function typeShape(name: string, implied: boolean): Shape {
  const key = `${name} ${implied}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const type = apiType(name);
  if (isPrimitive(name) || type === undefined || type.atomic) return leaf;
  const fields = new Map<string, Shape>();
  const shape: Shape = {
    kind: "struct",
    implied,
    field(fieldName) {
      const field = type.fields.get(fieldName);
      if (field === undefined) return undefined;
      let found = fields.get(fieldName);
      if (found === undefined) {
        found = fieldShape(field);
        fields.set(fieldName, found);
      }
      return found;
    },
  };
  cache.set(key, shape);
  return shape;
}

function fieldShape(field: ApiField): Shape {
  if (field.atomic) return leaf;
  if (field.list && !field.map) {
    const { type, keys } = field.listMerge;
    if (type === "set") return { kind: "set", implied: field.required };
    if (type === "map") {
      return { kind: "keyed", implied: field.required, keys, element: typeShape(field.type, false) };
    }
    return leaf;
  }
  if (field.map)
    return { kind: "map", implied: false, element: field.list ? leaf : typeShape(field.type, false) };
  return typeShape(field.type, !field.pointer);
}

/** Where no schema says otherwise: objects merge by key, lists are replaced. */
const deduced: Shape = { kind: "struct", implied: false, field: () => deduced };

function schemaShape(schema: unknown): Shape {
  const { type, properties, items, additionalProperties } = fieldsOf(schema);
  if (at(schema, "x-kubernetes-map-type") === "atomic") return leaf;
  if (type === "array") {
    const listType = at(schema, "x-kubernetes-list-type");
    const keys = listOf(at(schema, "x-kubernetes-list-map-keys")).map(textOf);
    if (listType === "map") return { kind: "keyed", implied: false, keys, element: schemaShape(items) };
    return listType === "set" ? { kind: "set", implied: false } : leaf;
  }
  if (type === "object" && isFields(properties)) {
    return { kind: "struct", implied: false, field: (name) => schemaShape(properties[name] ?? {}) };
  }
  if (isFields(additionalProperties)) {
    return { kind: "map", implied: false, element: schemaShape(additionalProperties) };
  }
  return deduced;
}

const metadataShape = typeShape("meta/v1.ObjectMeta", true);

/** The shape of a resource's objects. */
export function shapeOf(resource: Resource): Shape {
  if (resource.typeName !== undefined) return typeShape(resource.typeName, true);
  const custom = schemaShape(resource.customSchema);
  return {
    kind: "struct",
    implied: true,
    field(name) {
      if (name === "metadata") return metadataShape;
      return custom.kind === "struct" ? custom.field(name) : deduced;
    },
  };
}
