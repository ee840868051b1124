import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { z } from "zod";
import { RoleDocument } from "../../../../../../lib/access/roles/document/schema.ts";
import { RESOURCES, VERBS } from "../../../../../../lib/audit/columns/request-audit/values/schema.ts";
import { type CursorPath, pathAt } from "./path-at.ts";

interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: string[];
  const?: string;
}

const SCHEMA = z.toJSONSchema(RoleDocument, { io: "input", unrepresentable: "any" }) as JsonSchema;

/** What is usual where the schema takes any text. */
const USUAL: Record<string, readonly string[]> = {
  verbs: [...VERBS, "*"],
  resources: [...RESOURCES, "*"],
  exceptResources: RESOURCES,
  apiGroups: ['""', "apps", "batch", "networking.k8s.io", "rbac.authorization.k8s.io", "*"],
};

/** Offers the keys and values that a role's document may have where the cursor stands. */
export function completeRole({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const line = state.doc.lineAt(pos);
  const before = Array.from({ length: line.number - 1 }, (_, index) => state.doc.line(index + 1).text);
  const path = pathAt([...before, line.text.slice(0, pos - line.from)]);
  // In a list in brackets the last item is what is being written.
  const typed = /[^\s,[\]"']*$/.exec(path.typed)?.[0] ?? "";
  const options = optionsAt(path);
  if (options.length === 0 || (!explicit && typed === "")) return null;
  return { from: pos - typed.length, options, validFor: /^[\w.*/-]*$/ };
}

/** What may stand at a path. */
export function optionsAt({ keys, writes }: CursorPath): Completion[] {
  const schema = keys.reduce<JsonSchema | null>((node, key) => node && below(node, key), SCHEMA);
  if (!schema) return [];
  const { properties } = itemOf(schema);
  if (writes === "key" && properties) return Object.entries(properties).map(keyOption);
  return valuesOf(itemOf(schema), keys.at(-1) ?? "").map((label) => ({ label, type: "enum" }));
}

const below = (schema: JsonSchema, key: string): JsonSchema | null => {
  const { properties, additionalProperties } = itemOf(schema);
  if (properties?.[key]) return properties[key];
  return typeof additionalProperties === "object" ? additionalProperties : null;
};

/** Of a list what its items are. */
const itemOf = (schema: JsonSchema): JsonSchema => schema.items ?? schema;

function keyOption([label, schema]: [string, JsonSchema]): Completion {
  const isBlock = schema.properties !== undefined || schema.type === "array";
  return {
    label,
    type: "property",
    detail: schema.type === "array" ? "list" : schema.type,
    info: schema.description,
    apply: isBlock ? `${label}:` : `${label}: `,
  };
}

function valuesOf(schema: JsonSchema, key: string): readonly string[] {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  if (schema.type === "boolean") return ["true", "false"];
  return USUAL[key] ?? [];
}
