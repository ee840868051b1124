import { type Fields, isFields } from "../objects/fields.ts";
import { type ApiField, apiType } from "./api-types.ts";

/**
 * Brings an object into the form in which Go writes it back: quantities are text, and nulls are gone but for
 * times. Changes the object in place.
 */
export function normalizeObject(typeName: string | undefined, object: Fields): void {
  if (typeName !== undefined) normalizeStruct(typeName, object);
}

function normalizeStruct(typeName: string, value: Fields): void {
  const type = apiType(typeName);
  for (const [name, child] of Object.entries(value)) {
    const field = type?.fields.get(name);
    if (field === undefined) continue;
    if (
      child === null &&
      field.type !== "Time" &&
      field.type !== "MicroTime" &&
      field.type !== "RawExtension"
    ) {
      delete value[name];
    } else {
      value[name] = normalizeField(field, child);
    }
  }
}

function normalizeField(field: ApiField, value: unknown): unknown {
  if (field.map) {
    if (!isFields(value) || field.list) return value;
    for (const [key, child] of Object.entries(value)) value[key] = normalizeValue(field.type, child);
    return value;
  }
  if (field.list)
    return Array.isArray(value) ? value.map((child) => normalizeValue(field.type, child)) : value;
  return normalizeValue(field.type, value);
}

function normalizeValue(typeName: string, value: unknown): unknown {
  if (typeName === "Quantity" && typeof value === "number") return String(value);
  if (isFields(value)) normalizeStruct(typeName, value);
  return value;
}
