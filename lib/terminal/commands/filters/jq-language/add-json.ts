import { LineRefusal } from "../../../line/line-refusal.ts";
import { typeOf } from "./compare.ts";
import type { Json } from "./jq-filter.ts";

/** jq's `+`: numbers, strings, arrays, objects; null is nothing. */
export function sum(a: Json, b: Json): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (typeOf(a) === "object" && typeOf(b) === "object") return { ...(a as object), ...(b as object) };
  throw new LineRefusal(`jq: ${typeOf(a)} cannot be added to ${typeOf(b)}`);
}
