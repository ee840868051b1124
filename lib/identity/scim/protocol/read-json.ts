import { showValue } from "../../../names/shown-value.ts";
import { ScimError } from "./scim-error.ts";

/** A JSON object as a client sent it. */
export type JsonObject = Record<string, unknown>;

/** Keys that would reach an object's prototype (CWE-1321). */
const DANGEROUS = new Set(["__proto__", "constructor", "prototype"]);
const DEEPEST = 8;

/**
 * Reads a body as a JSON object whose keys are names and no more.
 * @throws ScimError `invalidSyntax`
 */
export function readJsonObject(text: string): JsonObject {
  const value = parse(text);
  if (!isObject(value)) {
    throw syntax(
      `The body is ${text === "" ? "empty" : "no JSON object"}; send one as application/scim+json.`,
    );
  }
  refuseDangerous(value, 0);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseDangerous(value: unknown, depth: number): void {
  if (typeof value === "string" && value.includes("\0")) throw syntax("A text has a NUL character in it.");
  if (typeof value !== "object" || value === null) return;
  if (depth > DEEPEST) throw syntax(`The body is nested more than ${DEEPEST} levels deep.`);
  for (const [key, inner] of Object.entries(value)) {
    if (key.split(/[.:[\]]/).some((part) => DANGEROUS.has(part))) {
      throw syntax(`${showValue(key)} is no attribute.`);
    }
    refuseDangerous(inner, depth + 1);
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a path of a PATCH names nothing but attributes. */
export const isSafePath = (path: string): boolean =>
  !path.split(/[.:[\]\s]/).some((part) => DANGEROUS.has(part));

/** An attribute by its name in any case (RFC 7643, section 2.1). */
export function attributeOf(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((each) => each.toLowerCase() === wanted);
  return key === undefined ? undefined : object[key];
}

const syntax = (detail: string) => new ScimError(400, "invalidSyntax", detail);
