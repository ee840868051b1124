import {
  alternatives,
  type JsonSchema,
  nameOfReference,
  resolveSchema,
  type SchemaTable,
} from "./json-schema.ts";

/** A schema's type in a few words: `integer, 1 to 1000`, `array of RequestAuditEntry`, `string (date-time) or null`. */
export function typeText(schema: JsonSchema, table: SchemaTable): string {
  if (schema.$ref) return nameOfReference(schema.$ref);
  const { schemas, nullable } = alternatives(schema);
  const words = [...new Set(schemas.map((one) => oneText(one, table)))];
  return [...words, ...(nullable ? ["null"] : [])].join(" or ");
}

function oneText(schema: JsonSchema, table: SchemaTable): string {
  if (schema.$ref) return nameOfReference(schema.$ref);
  if (schema.anyOf || schema.oneOf) return typeText(schema, table);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `array of ${schema.items ? typeText(schema.items, table) : "anything"}`;
  if (typeof schema.type !== "string") return "anything";
  return schema.type + (schema.format ? ` (${schema.format})` : "") + limitsText(schema);
}

// What zod writes for "any safe integer" limits nothing that a reader has to know.
const isLimit = (value: number | undefined) =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

function limitsText({ minimum, maximum, maxLength }: JsonSchema): string {
  if (isLimit(minimum) && isLimit(maximum)) return `, ${minimum} to ${maximum}`;
  if (isLimit(minimum)) return `, ${minimum} or more`;
  if (isLimit(maximum)) return `, at most ${maximum}`;
  return maxLength !== undefined ? `, at most ${maxLength} characters` : "";
}

/** A field of an object, objects within it included. */
export interface FieldRow {
  /** `entries[].no` */
  name: string;
  type: string;
  description: string | null;
  required: boolean;
}

const DEEPEST = 4;

/** Every field of a schema, in its order, to a depth of four. */
export function fieldRows(schema: JsonSchema, table: SchemaTable, prefix = "", depth = 0): FieldRow[] {
  const own = resolveSchema(schema, table);
  if (depth > DEEPEST) return [];
  if (own.type === "array" && own.items) return fieldRows(own.items, table, `${prefix}[]`, depth + 1);
  const { schemas } = alternatives(own);
  if (!own.properties) {
    const [only] = schemas;
    return only && schemas.length === 1 && only !== own ? fieldRows(only, table, prefix, depth) : [];
  }
  return Object.entries(own.properties).flatMap(([key, value]) => {
    const name = prefix ? `${prefix}.${key}` : key;
    const described = resolveSchema(value, table).description ?? null;
    return [
      {
        name,
        type: typeText(value, table),
        description: described,
        required: own.required?.includes(key) ?? false,
      },
      ...fieldRows(value, table, name, depth + 1),
    ];
  });
}
