import { at, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";
import { ageColumn, ageOf, type Cell, type Column, nameColumn } from "./columns.ts";

/** The JSONPath subset that printer columns use: `.spec.x`, `.items[0].y`, `.conditions[?(@.type=="Ready")].status`. */
function readJsonPath(object: unknown, path: string): unknown {
  let current: unknown = object;
  const steps = path.matchAll(
    /\.([A-Za-z0-9_-]+|\['[^']+'\])|\[(\d+)\]|\[\?\(@\.(\w+)\s*==\s*["']([^"']*)["']\)\]/g,
  );
  for (const [, field, index, key, value] of steps) {
    if (field !== undefined) current = at(current, field);
    else if (index !== undefined) current = at(current, Number(index));
    else current = listOf(current).find((item) => isFields(item) && String(item[key ?? ""]) === value);
  }
  return current;
}

function cellOf(object: KubeObject, path: string, type: string, now: Date): Cell {
  const value = readJsonPath(object, path);
  if (value === undefined || value === null) return null;
  if (type === "date") return ageOf(value, now);
  return typeof value === "object" ? JSON.stringify(value) : (value as Cell);
}

function columnOf(definition: unknown): Column {
  const { name, type, jsonPath, priority, description, format } = fieldsOf(definition);
  return {
    name: textOf(name),
    type: (textOf(type) || "string") as Column["type"],
    format: textOf(format),
    priority: typeof priority === "number" ? priority : 0,
    description:
      textOf(description) || `Custom resource definition column (in JSONPath format): ${textOf(jsonPath)}`,
    value: (object, { now }) => cellOf(object, textOf(jsonPath), textOf(type), now),
  };
}

const cache = new WeakMap<Resource, Column[]>();

export function customColumns(resource: Resource): Column[] {
  let columns = cache.get(resource);
  if (columns === undefined) {
    const extra = listOf(resource.customColumns).map(columnOf);
    columns = [nameColumn, ...(extra.length > 0 ? extra : [ageColumn])];
    cache.set(resource, columns);
  }
  return columns;
}
