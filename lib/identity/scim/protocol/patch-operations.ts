import { showValue } from "../../../names/shown-value.ts";
import { attributeOf, isObject, isSafePath, type JsonObject } from "./read-json.ts";
import { PATCH_SCHEMA } from "./schema-names.ts";
import { ScimError } from "./scim-error.ts";

/** One operation of a PATCH (RFC 7644, section 3.5.2). */
export interface PatchOperation {
  op: "add" | "remove" | "replace";
  path: string | null;
  value: unknown;
}

const MOST_OPERATIONS = 1_000;
const MOST_PATH = 400;

/**
 * The operations of a PATCH. Entra writes `op` with a capital letter.
 * @throws ScimError `invalidSyntax`, `invalidPath`
 */
export function readPatch(body: JsonObject): PatchOperation[] {
  const schemas = attributeOf(body, "schemas");
  if (!Array.isArray(schemas) || !schemas.includes(PATCH_SCHEMA)) {
    throw syntax(`schemas: takes ["${PATCH_SCHEMA}"]`);
  }
  const operations = attributeOf(body, "Operations");
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MOST_OPERATIONS) {
    throw syntax(`Operations: takes a list of 1 to ${MOST_OPERATIONS} operations`);
  }
  return operations.map((operation, index) => readOperation(operation, `Operations[${index}]`));
}

function readOperation(operation: unknown, at: string): PatchOperation {
  if (!isObject(operation)) throw syntax(`${at}: takes an object with op, path and value`);
  const given = attributeOf(operation, "op");
  const op = typeof given === "string" ? given.toLowerCase() : given;
  if (op !== "add" && op !== "remove" && op !== "replace") {
    throw syntax(`${at}.op: got ${showValue(given)}; takes add, remove or replace`);
  }
  const path = readPath(attributeOf(operation, "path"), at);
  const value = attributeOf(operation, "value");
  if (op === "remove" && path === null)
    throw new ScimError(400, "noTarget", `${at}.path: remove takes a path`);
  if (op !== "remove" && value === undefined) throw syntax(`${at}.value: got nothing; ${op} takes a value`);
  if (path === null && !isObject(value)) {
    throw syntax(`${at}.value: got ${showValue(value)}; without a path takes an object of attributes`);
  }
  return { op, path, value };
}

function readPath(path: unknown, at: string): string | null {
  if (path === undefined || path === null || path === "") return null;
  if (typeof path === "string" && path.length <= MOST_PATH && isSafePath(path)) return path.trim();
  throw new ScimError(
    400,
    "invalidPath",
    `${at}.path: got ${showValue(path)}; takes the path of an attribute, at most ${MOST_PATH} characters`,
  );
}

const syntax = (detail: string) => new ScimError(400, "invalidSyntax", detail);
