/** An object's own field; undefined of anything that has none. */
export function fieldOf(value: unknown, field: string): unknown {
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, field);
  return isObject ? Reflect.get(value, field) : undefined;
}
