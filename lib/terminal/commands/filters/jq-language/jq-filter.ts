/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A filter as it was read: what it does to one value. */
export type JqFilter =
  | { kind: "identity" }
  | { kind: "literal"; value: Json }
  | { kind: "key"; of: JqFilter; key: JqFilter; optional: boolean }
  | { kind: "slice"; of: JqFilter; from: number | null; to: number | null }
  | { kind: "each"; of: JqFilter; optional: boolean }
  | { kind: "pipe"; first: JqFilter; second: JqFilter }
  | { kind: "comma"; left: JqFilter; right: JqFilter }
  | { kind: "operator"; operator: Operator; left: JqFilter; right: JqFilter }
  | { kind: "array"; of: JqFilter | null }
  | { kind: "object"; entries: { key: JqFilter; value: JqFilter }[] }
  | { kind: "call"; name: string; argument: JqFilter | null };

export const OPERATORS = ["//", "or", "and", "==", "!=", "<=", ">=", "<", ">", "+", "-"] as const;
export type Operator = (typeof OPERATORS)[number];
