import { type FieldSet, type FilterField, takenOperators } from "../../lib/filter/fields.ts";
import type { FilterComparison, FilterNode } from "../../lib/filter/tree.ts";
import fc from "../properties.ts";

/** Filters over a field set, as text reads (empty text is read as absence), of values that occur (`valuesOf`), of pieces of them, and of others. */
export function arbitraryFilter(
  fields: FieldSet,
  valuesOf: (field: FilterField) => readonly string[],
): fc.Arbitrary<FilterNode> {
  const comparison = fc.oneof(...fields.fields.map((field) => arbitraryComparison(field, valuesOf(field))));
  const { node } = fc.letrec<{ node: FilterNode; group: FilterNode }>((tie) => ({
    node: fc.oneof({ maxDepth: 3, depthSize: "small" }, comparison, tie("group")),
    group: fc.oneof(
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        nodes: fc.array(tie("node"), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not" as const), node: tie("node") }),
    ),
  }));
  return node;
}

function arbitraryComparison(field: FilterField, values: readonly string[]): fc.Arbitrary<FilterComparison> {
  return fc.constantFrom(...takenOperators(field)).chain((op) => {
    const value =
      op === ":" || op === "=^" || op === "=$"
        ? arbitraryPiece(field, values)
        : arbitraryValue(field, values);
    const count = op === "present" ? 0 : op === "in" ? 3 : 1;
    return fc
      .array(value, { minLength: Math.min(count, 1), maxLength: count })
      .map((given): FilterComparison => ({ kind: "comparison", field: field.name, op, values: given }));
  });
}

function arbitraryValue(field: FilterField, values: readonly string[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(...(values.length > 0 ? values : ["absent"]));
  switch (field.type) {
    case "number":
      return fc.oneof(values.length > 0 ? known : fc.constant("1"), fc.integer().map(String));
    case "duration":
      return fc.oneof(fc.constantFrom("1s", "250ms", "1.5s", "1m", "0.5ms"), fc.nat(5_000).map(String));
    case "time":
      return fc.oneof(
        known,
        fc.constantFrom("now-2h", "now-90m", "today", "yesterday", "2026-11-20", "2026-11-19T12:00"),
      );
    default:
      if (field.closed) return fc.constantFrom(...(field.values ?? []));
      return fc.oneof(
        { arbitrary: known, weight: 4 },
        { arbitrary: fc.constantFrom("%", "_", "x'y\"z\\", "PROD", ...(field.values ?? [])), weight: 1 },
      );
  }
}

/** A part of a value, its case changed: what `:` must find, or must not. */
function arbitraryPiece(field: FilterField, values: readonly string[]): fc.Arbitrary<string> {
  const whole = fc.constantFrom(
    ...(values.length > 0 ? values : ["x"]),
    ...(field.values ?? []),
    "%",
    "_",
    "é",
    "ß",
    "\\",
  );
  return fc
    .tuple(whole, fc.nat(20), fc.integer({ min: 1, max: 12 }), fc.boolean())
    .map(([text, start, length, upper]) => {
      const characters = [...text];
      const piece = characters
        .slice(start % Math.max(1, characters.length))
        .slice(0, length)
        .join("");
      return upper ? piece.toUpperCase() : piece;
    })
    .filter((piece) => piece !== "")
    .map((piece) => piece.padEnd(field.leastCharacters ?? 0, "x"));
}
