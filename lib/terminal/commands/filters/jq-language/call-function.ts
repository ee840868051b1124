import { RE2JS } from "re2js";
import { LineRefusal } from "../../../line/line-refusal.ts";
import { sum } from "./add-json.ts";
import { compareJson, typeOf } from "./compare.ts";
import type { JqFilter, Json } from "./jq-filter.ts";

type Apply = (filter: JqFilter, value: Json) => Iterable<Json>;

/** Calls a function of jq on a value. */
export function* call(
  { name, argument }: { name: string; argument: JqFilter | null },
  value: Json,
  apply: Apply,
): Generator<Json> {
  const first = (filter: JqFilter, of: Json) => [...apply(filter, of)][0] ?? null;
  if (name === "empty") return;
  if (name === "select") {
    for (const held of apply(argument!, value)) if (held !== null && held !== false) yield value;
    return;
  }
  if (name === "map") {
    const mapped: Json[] = [];
    for (const item of itemsOf(value)) mapped.push(...apply(argument!, item));
    yield mapped;
    return;
  }
  if (name === "sort_by" || name === "group_by") {
    const keyed = itemsOf(value).map((item) => ({ item, key: first(argument!, item) }));
    keyed.sort((a, b) => compareJson(a.key, b.key));
    yield name === "sort_by" ? keyed.map(({ item }) => item) : grouped(keyed);
    return;
  }
  if (argument === null) yield SIMPLE[name]!(value);
  else for (const operand of apply(argument, value)) yield WITH_OPERAND[name]!(value, operand);
}

const cannot = (name: string, value: Json) => new LineRefusal(`jq: ${name} takes no ${typeOf(value)}`);

function itemsOf(value: Json): Json[] {
  if (value !== null && typeof value === "object") return Object.values(value);
  throw cannot("this", value);
}

function list(value: Json, name: string): Json[] {
  if (Array.isArray(value)) return value;
  throw cannot(name, value);
}

function text(value: Json, name: string): string {
  if (typeof value === "string") return value;
  throw cannot(name, value);
}

function grouped(keyed: { item: Json; key: Json }[]): Json[][] {
  const groups: { key: Json; items: Json[] }[] = [];
  for (const { item, key } of keyed) {
    const last = groups.at(-1);
    if (last && compareJson(last.key, key) === 0) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => items);
}

const SIMPLE: Record<string, (value: Json) => Json> = {
  length: (value) => {
    if (value === null) return 0;
    if (typeof value === "number") return Math.abs(value);
    if (typeof value === "string") return [...value].length;
    return itemsOf(value).length;
  },
  keys: (value) => (Array.isArray(value) ? [...value.keys()] : Object.keys(objectOf(value)).sort()),
  values: (value) => itemsOf(value),
  not: (value) => value === null || value === false,
  unique: (value) => {
    const sorted = [...list(value, "unique")].sort(compareJson);
    return sorted.filter((item, at) => at === 0 || compareJson(item, sorted[at - 1]!) !== 0);
  },
  add: (value) => itemsOf(value).reduce<Json>(sum, null),
  first: (value) => list(value, "first")[0] ?? null,
  last: (value) => list(value, "last").at(-1) ?? null,
  type: typeOf,
  reverse: (value) => [...list(value, "reverse")].reverse(),
  sort: (value) => [...list(value, "sort")].sort(compareJson),
  tostring: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  tonumber: (value) => {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    throw cannot("tonumber", value);
  },
  to_entries: (value) => Object.entries(objectOf(value)).map(([key, entry]) => ({ key, value: entry })),
  ascii_downcase: (value) =>
    text(value, "ascii_downcase").replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
};

function objectOf(value: Json): { [key: string]: Json } {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  throw cannot("this", value);
}

const WITH_OPERAND: Record<string, (value: Json, operand: Json) => Json> = {
  has: (value, operand) =>
    Object.hasOwn(value !== null && typeof value === "object" ? value : {}, String(operand)),
  join: (value, operand) =>
    list(value, "join")
      .map((item) => (item === null ? "" : typeof item === "string" ? item : JSON.stringify(item)))
      .join(text(operand, "join")),
  test: (value, operand) => {
    try {
      return RE2JS.compile(text(operand, "test")).matcher(text(value, "test")).find();
    } catch (error) {
      if (error instanceof LineRefusal) throw error;
      throw new LineRefusal(`jq: test got ${JSON.stringify(operand)}, which is no RE2 expression`);
    }
  },
  contains: (value, operand) =>
    typeof value === "string"
      ? value.includes(text(operand, "contains"))
      : list(value, "contains").some((item) =>
          list(operand, "contains").every((wanted) => compareJson(item, wanted) === 0),
        ),
  startswith: (value, operand) => text(value, "startswith").startsWith(text(operand, "startswith")),
  endswith: (value, operand) => text(value, "endswith").endsWith(text(operand, "endswith")),
};
