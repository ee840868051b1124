/** A JSON object whose fields are not known in advance. */
export type Fields = { [name: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; empty when it is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function numberOf(value: unknown, otherwise = 0): number {
  return typeof value === "number" ? value : otherwise;
}

/** Follows a path of field names and list positions; undefined where it leads nowhere. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof step === "number") {
      current = listOf(current)[step];
    } else {
      current = isFields(current) ? current[step] : undefined;
    }
  }
  return current;
}

/** Removes undefined fields so that objects compare and serialise alike. */
export function compact<T extends Fields>(fields: T): T {
  for (const name of Object.keys(fields)) {
    if (fields[name] === undefined) delete fields[name];
  }
  return fields;
}

/** Deep equality of JSON values, whatever the order of the fields. */
export function equalJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equalJson(item, right[index]));
  }
  if (!isFields(left) || !isFields(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => name in right && equalJson(left[name], right[name]));
}

/** A copy of a JSON value that shares nothing with it; several times faster than `structuredClone`. */
export function cloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  if (!isFields(value)) return value;
  const copy: Fields = {};
  for (const name of Object.keys(value)) copy[name] = cloneJson((value as Fields)[name]);
  return copy as T;
}
