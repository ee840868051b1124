import { fieldsOf, isFields, listOf } from "../objects/fields.ts";
import { childrenOf, keyStep, valueStep } from "./field-sets.ts";
import type { PathSet } from "./path-set.ts";
import type { Shape } from "./shape.ts";

/** Lays an applied configuration over the live value: fields merge, keyed lists merge by key. */
export function mergeApplied(live: unknown, applied: unknown, shape: Shape): unknown {
  if (live === undefined || live === null || applied === null) return applied;
  if ((shape.kind === "struct" || shape.kind === "map") && isFields(live) && isFields(applied)) {
    const result = { ...live };
    for (const [name, value] of Object.entries(applied)) {
      const child = shape.kind === "map" ? shape.element : shape.field(name);
      result[name] = mergeApplied(live[name], value, child ?? { kind: "leaf", implied: false });
    }
    return result;
  }
  if (shape.kind === "keyed" && Array.isArray(live) && Array.isArray(applied)) {
    return mergeKeyed(live, applied, shape.keys, shape.element);
  }
  if (shape.kind === "set" && Array.isArray(live) && Array.isArray(applied)) {
    const known = new Set(live.map(valueStep));
    return [...live, ...applied.filter((item) => !known.has(valueStep(item)))];
  }
  return applied;
}

/** The applied order wins; items that only the live list has keep their place relative to each other. */
function mergeKeyed(live: unknown[], applied: unknown[], keys: string[], element: Shape): unknown[] {
  const liveByKey = new Map(live.map((item) => [keyStep(keys, item), item]));
  const appliedKeys = new Set(applied.map((item) => keyStep(keys, item)));
  const result: unknown[] = [];
  const queue = [...applied];
  for (const item of live) {
    const key = keyStep(keys, item);
    if (!appliedKeys.has(key)) {
      result.push(item);
      continue;
    }
    const next = queue.shift();
    if (next !== undefined) result.push(mergeApplied(liveByKey.get(keyStep(keys, next)), next, element));
  }
  return result.concat(queue.map((item) => mergeApplied(liveByKey.get(keyStep(keys, item)), item, element)));
}

/** Removes the fields of a set from a value. */
export function removeFields(value: unknown, shape: Shape, removed: PathSet): unknown {
  const children = childrenOf(value, shape);
  if (children === undefined || removed.children.size === 0) return value;
  const keep = (step: string) => removed.children.get(step)?.member !== true;
  if (Array.isArray(value)) {
    const keys = shape.kind === "keyed" ? shape.keys : undefined;
    const stepOf = (item: unknown) => (keys === undefined ? valueStep(item) : keyStep(keys, item));
    return listOf(value)
      .filter((item) => keep(stepOf(item)))
      .map((item) => removeBelow(item, stepOf(item), children, removed));
  }
  const result: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(fieldsOf(value))) {
    const step = `f:${name}`;
    if (!keep(step)) continue;
    const rest = removeBelow(child, step, children, removed);
    if (emptied(child, rest)) continue;
    result[name] = rest;
  }
  return result;
}

function removeBelow(
  value: unknown,
  step: string,
  children: NonNullable<ReturnType<typeof childrenOf>>,
  removed: PathSet,
): unknown {
  const child = children.get(step);
  const below = removed.children.get(step);
  return child === undefined || below === undefined ? value : removeFields(value, child.shape, below);
}

function emptied(before: unknown, after: unknown): boolean {
  if (before === after) return false;
  return Array.isArray(after) ? after.length === 0 : isFields(after) && Object.keys(after).length === 0;
}
