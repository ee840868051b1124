import { LineRefusal } from "../../../line/line-refusal.ts";
import { sum } from "./add-json.ts";
import { call } from "./call-function.ts";
import { compareJson, typeOf } from "./compare.ts";
import type { JqFilter, Json, Operator } from "./jq-filter.ts";

/** What a filter makes of a value: none, one or several. Throws a LineRefusal where it cannot be applied. */
export function* applyFilter(filter: JqFilter, value: Json): Generator<Json> {
  switch (filter.kind) {
    case "identity":
      yield value;
      return;
    case "literal":
      yield filter.value;
      return;
    case "pipe":
      for (const each of applyFilter(filter.first, value)) yield* applyFilter(filter.second, each);
      return;
    case "comma":
      yield* applyFilter(filter.left, value);
      yield* applyFilter(filter.right, value);
      return;
    case "key":
      for (const of of applyFilter(filter.of, value))
        for (const key of applyFilter(filter.key, value)) yield* at(of, key, filter.optional);
      return;
    case "slice":
      for (const of of applyFilter(filter.of, value)) {
        if (typeof of !== "string" && !Array.isArray(of)) throw cannot("be sliced", of);
        yield of.slice(filter.from ?? 0, filter.to ?? undefined);
      }
      return;
    case "each":
      for (const of of applyFilter(filter.of, value)) yield* each(of, filter.optional);
      return;
    case "array":
      yield filter.of === null ? [] : [...applyFilter(filter.of, value)];
      return;
    case "object":
      yield* objects(filter.entries, value);
      return;
    case "operator":
      yield* operate(filter, value);
      return;
    case "call":
      yield* call(filter, value, applyFilter);
  }
}

const cannot = (what: string, value: Json) => new LineRefusal(`jq: ${typeOf(value)} cannot ${what}`);

function* at(of: Json, key: Json, optional: boolean): Generator<Json> {
  if (of === null) yield null;
  else if (Array.isArray(of) && typeof key === "number") yield of.at(key) ?? null;
  else if (!Array.isArray(of) && typeof of === "object" && typeof key === "string")
    yield Object.hasOwn(of, key) ? of[key]! : null;
  else if (!optional) throw cannot(`be asked for ${JSON.stringify(key)}`, of);
}

function* each(of: Json, optional: boolean): Generator<Json> {
  if (of !== null && typeof of === "object") yield* Object.values(of);
  else if (!optional) throw cannot("be gone through with []", of);
}

function* objects(
  [first, ...rest]: { key: JqFilter; value: JqFilter }[],
  value: Json,
): Generator<{ [key: string]: Json }> {
  if (!first) {
    yield {};
    return;
  }
  for (const key of applyFilter(first.key, value))
    for (const each of applyFilter(first.value, value))
      for (const others of objects(rest, value)) yield { [String(key)]: each, ...others };
}

const isTrue = (value: Json) => value !== null && value !== false;

function* operate(
  { operator, left, right }: { operator: Operator; left: JqFilter; right: JqFilter },
  value: Json,
): Generator<Json> {
  if (operator === "//") {
    const found = [...applyFilter(left, value)].filter(isTrue);
    yield* found.length > 0 ? found : applyFilter(right, value);
    return;
  }
  for (const a of applyFilter(left, value)) {
    if (operator === "and" && !isTrue(a)) yield false;
    else if (operator === "or" && isTrue(a)) yield true;
    else for (const b of applyFilter(right, value)) yield combine(operator, a, b);
  }
}

function combine(operator: Operator, a: Json, b: Json): Json {
  if (operator === "and" || operator === "or") return isTrue(b);
  if (operator === "+") return sum(a, b);
  if (operator === "-") {
    if (typeof a === "number" && typeof b === "number") return a - b;
    throw cannot(`be taken ${typeOf(b)} from`, a);
  }
  const order = compareJson(a, b);
  return {
    "==": order === 0,
    "!=": order !== 0,
    "<": order < 0,
    "<=": order <= 0,
    ">": order > 0,
    ">=": order >= 0,
  }[operator as "=="];
}
