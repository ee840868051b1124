import { alternatives, type JsonSchema, resolveSchema, type SchemaTable } from "./json-schema.ts";

const FORMATS: Record<string, string> = {
  "date-time": "2026-11-20T16:29:53.018Z",
  date: "2026-11-20",
  uuid: "5df6614e-a4f9-4daf-8194-572d79f0ebf0",
  email: "priya@acme.example",
  uri: "https://example.com/",
};
const DEEPEST = 6;

/** A value that fits the schema: its own examples where it has them. */
export function exampleOf(schema: JsonSchema, table: SchemaTable, depth = 0): unknown {
  const own = resolveSchema(schema, table);
  const given = own.example ?? own.examples?.[0] ?? own.const ?? own.default ?? own.enum?.[0];
  if (given !== undefined) return given;
  if (depth > DEEPEST) return null;
  if (own.properties) {
    return Object.fromEntries(
      Object.entries(own.properties).map(([key, value]) => [key, exampleOf(value, table, depth + 1)]),
    );
  }
  const [first] = alternatives(own).schemas;
  if (first && first !== own) return exampleOf(first, table, depth + 1);
  if (own.type === "array") return own.items ? [exampleOf(own.items, table, depth + 1)] : [];
  if (own.type === "integer" || own.type === "number") return Math.max(1, own.minimum ?? 1);
  if (own.type === "boolean") return true;
  if (own.type === "string") return FORMATS[own.format ?? ""] ?? "text";
  return own.type === "object" ? {} : null;
}
