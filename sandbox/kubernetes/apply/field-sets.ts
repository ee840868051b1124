import { equalJson, fieldsOf, isFields, listOf } from "../objects/fields.ts";
import { PathSet } from "./path-set.ts";
import type { Shape } from "./shape.ts";

/** The step of an item of a keyed list. Ports without a protocol are TCP, as the API's defaults have it. */
export function keyStep(keys: string[], item: unknown): string {
  const fields = fieldsOf(item);
  const identity: Record<string, unknown> = {};
  for (const key of [...keys].sort()) {
    const value = fields[key] ?? (key === "protocol" ? "TCP" : undefined);
    if (value !== undefined) identity[key] = value;
  }
  return `k:${JSON.stringify(identity)}`;
}

export function valueStep(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}

function isEmptyValue(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0;
}

/** The values below a value, each with its step and shape; undefined when the value is one piece. */
export function childrenOf(
  value: unknown,
  shape: Shape,
): Map<string, { value: unknown; shape: Shape }> | undefined {
  const children = new Map<string, { value: unknown; shape: Shape }>();
  if ((shape.kind === "struct" || shape.kind === "map") && isFields(value)) {
    for (const [name, child] of Object.entries(value)) {
      const childShape = shape.kind === "map" ? shape.element : shape.field(name);
      if (childShape !== undefined) children.set(`f:${name}`, { value: child, shape: childShape });
    }
    return children;
  }
  if (shape.kind === "keyed" && Array.isArray(value)) {
    for (const item of listOf(value))
      children.set(keyStep(shape.keys, item), { value: item, shape: shape.element });
    return children;
  }
  if (shape.kind === "set" && Array.isArray(value)) {
    const member: Shape = { kind: "leaf", implied: false };
    for (const item of listOf(value)) children.set(valueStep(item), { value: item, shape: member });
    return children;
  }
  return undefined;
}

/** Every field that a value sets. With `own` also the containers that come to exist through it. */
export function fieldSetOf(value: unknown, shape: Shape, own: boolean): PathSet {
  const set = new PathSet();
  const children = value === null || isEmptyValue(value) ? undefined : childrenOf(value, shape);
  if (children === undefined) {
    set.member = true;
    return set;
  }
  set.member = own && !shape.implied;
  for (const [step, child] of children) {
    const below = fieldSetOf(child.value, child.shape, own);
    if (step.startsWith("k:")) below.member = true;
    set.children.set(step, below);
  }
  return set;
}

export type Changes = { changed: PathSet; removed: PathSet };

/** The fields that differ between two states: those set anew or differently, and those gone. */
export function compareValues(before: unknown, after: unknown, shape: Shape): Changes {
  const none = new PathSet();
  if (after === undefined) {
    if (before === undefined) return { changed: none, removed: none };
    const removed = fieldSetOf(before, shape, false);
    removed.member = true;
    return { changed: none, removed };
  }
  if (before === undefined || before === null) {
    if (after === before) return { changed: none, removed: none };
    return { changed: fieldSetOf(after, shape, true), removed: none };
  }
  const old = childrenOf(before, shape);
  const now = childrenOf(after, shape);
  if (old === undefined || now === undefined) {
    const changed = new PathSet();
    changed.member = !equalJson(before, after);
    return { changed, removed: none };
  }
  const result: Changes = { changed: new PathSet(), removed: new PathSet() };
  for (const step of new Set([...old.keys(), ...now.keys()])) {
    const oldChild = old.get(step);
    const newChild = now.get(step);
    const childShape = newChild?.shape ?? oldChild?.shape ?? shape;
    const below = compareValues(oldChild?.value, newChild?.value, childShape);
    if (oldChild === undefined && step.startsWith("k:")) below.changed.member = true;
    if (!below.changed.isEmpty) result.changed.children.set(step, below.changed);
    if (!below.removed.isEmpty) result.removed.children.set(step, below.removed);
  }
  return result;
}
