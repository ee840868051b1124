/** What is read of JSON Schema (draft 2020-12), as OpenAPI 3.1 has it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

export type SchemaTable = Record<string, JsonSchema>;

/** The schema that a reference names, with what stands beside the reference. */
export function resolveSchema(schema: JsonSchema, table: SchemaTable): JsonSchema {
  if (!schema.$ref) return schema;
  const { $ref, ...beside } = schema;
  return { ...table[nameOfReference($ref)], ...beside };
}

/** `#/components/schemas/Error` → `Error` */
export const nameOfReference = (reference: string) => reference.split("/").at(-1) ?? reference;

/** The alternatives of a schema without null, and whether null is one. */
export function alternatives(schema: JsonSchema): { schemas: JsonSchema[]; nullable: boolean } {
  const all = schema.anyOf ?? schema.oneOf;
  if (all) {
    const schemas = all.filter(({ type }) => type !== "null");
    return { schemas, nullable: schemas.length < all.length };
  }
  if (!Array.isArray(schema.type)) return { schemas: [schema], nullable: schema.type === "null" };
  const types = schema.type.filter((type) => type !== "null");
  return {
    schemas: types.map((type) => ({ ...schema, type })),
    nullable: types.length < schema.type.length,
  };
}
