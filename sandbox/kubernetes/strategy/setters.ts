import { type Fields, fieldsOf, isFields } from "../objects/fields.ts";

/** Sets a field that is absent. */
export function setDefault(fields: Fields, name: string, value: unknown): void {
  if (fields[name] === undefined || fields[name] === null) fields[name] = value;
}

/** The object in a field, put there empty when absent. */
export function ensureFields(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (isFields(value)) return value;
  const created = fieldsOf(undefined);
  fields[name] = created;
  return created;
}
