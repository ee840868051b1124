import { alternatives, type JsonSchema, resolveSchema, type SchemaTable } from "./json-schema.ts";
import { exampleOf } from "./schema-example.ts";
import { type FieldRow, fieldRows, typeText } from "./schema-text.ts";

/** What is read of an OpenAPI 3.1 document. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Partial<Record<Method, DocumentOperation>>>;
  components?: { schemas?: SchemaTable };
}

interface DocumentOperation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  deprecated?: boolean;
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: JsonSchema }[];
  requestBody?: { content: Content };
  responses: Record<
    string,
    { description: string; content?: Content; headers?: Record<string, { description?: string }> }
  >;
}

type Content = Record<string, { schema?: JsonSchema }>;
const METHODS = ["get", "post", "put", "patch", "delete"] as const;
export type Method = (typeof METHODS)[number];

export interface ApiParameter {
  name: string;
  in: "path" | "query";
  required: boolean;
  type: string;
  description: string | null;
  /** As one would type it. */
  default: string | null;
  example: string | null;
  /** Its values, where they are a few. */
  values: string[];
}

export interface ApiAnswer {
  status: string;
  description: string;
  headers: { name: string; description: string | null }[];
  types: {
    mediaType: string;
    type: string;
    description: string | null;
    example: string | null;
    fields: FieldRow[];
  }[];
}

export interface ApiOperation {
  id: string;
  method: Method;
  path: string;
  tag: string;
  summary: string;
  description: string | null;
  deprecated: boolean;
  /** Needs no token. */
  anonymous: boolean;
  parameters: ApiParameter[];
  /** A body that fits each of its alternatives. */
  body: { examples: string[]; fields: FieldRow[] } | null;
  answers: ApiAnswer[];
}

export interface ApiReference {
  title: string;
  description: string;
  operations: ApiOperation[];
}

/** The document as the page shows it. */
export function readDocument(document: ApiDocument): ApiReference {
  const table = document.components?.schemas ?? {};
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation ? [readOperation(path, method, operation, table)] : [];
    }),
  );
  return { title: document.info.title, description: document.info.description ?? "", operations };
}

function readOperation(
  path: string,
  method: Method,
  operation: DocumentOperation,
  table: SchemaTable,
): ApiOperation {
  const body = operation.requestBody?.content["application/json"]?.schema;
  return {
    id: operation.operationId,
    method,
    path,
    tag: operation.tags?.[0] ?? "Other",
    summary: operation.summary ?? operation.operationId,
    description: operation.description ?? null,
    deprecated: operation.deprecated ?? false,
    anonymous: operation.security?.length === 0,
    parameters: (operation.parameters ?? []).map((parameter) => readParameter(parameter, table)),
    body: body ? readBody(body, table) : null,
    answers: Object.entries(operation.responses).map(([status, answer]) => ({
      status,
      description: answer.description,
      headers: Object.entries(answer.headers ?? {}).map(([name, { description }]) => ({
        name,
        description: description ?? null,
      })),
      types: readTypes(answer.content ?? {}, table),
    })),
  };
}

function readBody(body: JsonSchema, table: SchemaTable) {
  const { schemas } = alternatives(resolveSchema(body, table));
  const examples = schemas.map((schema) => printJson(exampleOf(schema, table)));
  return { examples, fields: fieldRows(body, table) };
}

function readTypes(content: Content, table: SchemaTable): ApiAnswer["types"] {
  return Object.entries(content).map(([mediaType, { schema = {} }]) => {
    const isJson = mediaType === "application/json" && schema.type !== "string";
    return {
      mediaType,
      type: typeText(schema, table),
      description: schema.description ?? null,
      example: isJson ? printJson(exampleOf(schema, table)) : null,
      fields: isJson ? fieldRows(schema, table) : [],
    };
  });
}

function readParameter(
  parameter: NonNullable<DocumentOperation["parameters"]>[number],
  table: SchemaTable,
): ApiParameter {
  const { name, required = false, schema = {} } = parameter;
  return {
    name,
    required,
    in: parameter.in === "path" ? "path" : "query",
    type: typeText(schema, table),
    description: parameter.description ?? schema.description ?? null,
    default: typed(schema.default),
    example: typed(schema.example ?? schema.examples?.[0]),
    values: (schema.enum ?? []).map(String),
  };
}

const typed = (value: unknown) => (value === undefined || value === null ? null : String(value));
const printJson = (value: unknown) => JSON.stringify(value, null, 2);
