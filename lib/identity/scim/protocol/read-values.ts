import { isSeen } from "../../../names/schema.ts";
import { showValue } from "../../../names/shown-value.ts";
import { attributeOf, isObject, type JsonObject } from "./read-json.ts";
import { invalidValue } from "./scim-error.ts";

/**
 * A text attribute; null where it is absent, null or empty.
 * @throws ScimError `invalidValue` that names it.
 */
export function readText(object: JsonObject, name: string, most = 200): string | null {
  const value = attributeOf(object, name);
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw invalidValue(`${name}: got ${showValue(value)}; takes a text`);
  const text = value.trim();
  if (text === "") return null;
  if (text.length > most || !isSeen(text) || !text.isWellFormed()) {
    throw invalidValue(
      `${name}: got ${text.length > most ? `${text.length} characters` : "characters that cannot be seen"}; takes 1 to ${most} that can be seen`,
    );
  }
  return text;
}

/** A text that has to be there. */
export function requireText(object: JsonObject, name: string): string {
  const text = readText(object, name);
  if (text === null) throw invalidValue(`${name}: got nothing; takes a text of 1 to 200 characters`);
  return text;
}

/** A boolean, also as a text in any case, as Entra sends it; null where it is absent. */
export function readBoolean(object: JsonObject, name: string): boolean | null {
  const value = attributeOf(object, name);
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" ? value.toLowerCase() : "";
  if (text === "true" || text === "false") return text === "true";
  throw invalidValue(`${name}: got ${showValue(value)}; takes true or false`);
}

/** The objects of a multi-valued attribute; one that is no list is one value. */
export function readObjects(object: JsonObject, name: string, most: number): JsonObject[] {
  const value = attributeOf(object, name);
  if (value === undefined || value === null) return [];
  const values = Array.isArray(value) ? value : [value];
  if (values.length > most) throw invalidValue(`${name}: got ${values.length} values; takes at most ${most}`);
  return values.map((each) => {
    if (isObject(each)) return each;
    throw invalidValue(`${name}: got ${showValue(each)}; takes objects with a value`);
  });
}
