import type { Json } from "./jq-filter.ts";

const RANKS = ["null", "false", "true", "number", "string", "array", "object"];

/** Names of types as jq has them. */
export function typeOf(value: Json): "null" | "boolean" | "number" | "string" | "array" | "object" {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : (typeof value as "boolean" | "number" | "string" | "object");
}

const rank = (value: Json) => RANKS.indexOf(typeof value === "boolean" ? `${value}` : typeOf(value));

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. */
export function compareJson(a: Json, b: Json): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "number") return a - (b as number);
  if (typeof a === "string") return a < (b as string) ? -1 : a > (b as string) ? 1 : 0;
  if (Array.isArray(a)) return compareLists(a, b as Json[]);
  if (a !== null && typeof a === "object") {
    const [keysOfA, keysOfB] = [Object.keys(a).sort(), Object.keys(b as object).sort()];
    const other = b as { [key: string]: Json };
    return (
      compareLists(keysOfA, keysOfB) ||
      compareLists(
        keysOfA.map((key) => a[key]!),
        keysOfA.map((key) => other[key]!),
      )
    );
  }
  return 0;
}

function compareLists(a: Json[], b: Json[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareJson(a[at]!, b[at]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
