import { isAscii, lowerAscii, matchesPart } from "../../filter/contains.ts";
import type { FilterField } from "../../filter/fields.ts";
import type { FilterComparison, FilterOperator } from "../../filter/tree.ts";
import type { RunSql } from "../store/sql.ts";
import type { ColumnMapping } from "./surface.ts";

/**
 * The ids whose text a comparison (`=`, `!=`, `in`, `:`) speaks of. `complement`: all other ids are meant. An absent value is never
 * among them.
 */
export interface MatchingIds {
  ids: readonly (number | string)[];
  complement: boolean;
}

/** The operators that look at a part of a text. */
export type PartOperator = ":" | "=^" | "=$";
export const isPart = (op: FilterOperator): op is PartOperator => op === ":" || op === "=^" || op === "=$";

/** SQL that holds where `text` has the needle as `matchesPart` says; no character is special. The parameter's value is folded. */
export function partSql(
  op: PartOperator,
  text: string,
  needle: string,
  placeholder: string,
): { sql: string; value: string } {
  const ascii = isAscii(needle);
  const folded = `lower(${text} COLLATE ${ascii ? '"C"' : '"und-x-icu"'})`;
  const value = ascii ? lowerAscii(needle) : needle.toLowerCase();
  if (op === ":") return { sql: `strpos(${folded}, ${placeholder}) > 0`, value };
  if (op === "=^") return { sql: `starts_with(${folded}, ${placeholder})`, value };
  return { sql: `right(${folded}, length(${placeholder})) = ${placeholder}`, value };
}

type InternedMapping = Extract<ColumnMapping, { holds: "term" | "actor" | "cluster" | "actorKind" }>;

/** Whether a mapping's column holds ids, so that text becomes ids before the rows are read. */
export function isInterned(mapping: ColumnMapping): mapping is InternedMapping {
  return ["term", "actor", "cluster", "actorKind"].includes(mapping.holds);
}

/** Looks the ids up. `present` asks for the ids of all that have a value (actors and clusters only). */
export async function findMatchingIds(
  run: RunSql,
  comparison: FilterComparison,
  field: FilterField,
  mapping: InternedMapping,
): Promise<MatchingIds> {
  const { remainder } = field;
  if (
    mapping.holds === "term" &&
    remainder &&
    !isPart(comparison.op) &&
    comparison.values.includes(remainder.value)
  ) {
    const excluded = remainder.of.filter((value) => !comparison.values.includes(value));
    const ids = await findIds(run, { ...comparison, op: "in", values: excluded }, mapping);
    return { ids, complement: true };
  }
  return { ids: await findIds(run, comparison, mapping), complement: false };
}

async function findIds(
  run: RunSql,
  comparison: FilterComparison,
  mapping: InternedMapping,
): Promise<number[]> {
  const { sql, values } = idsQuery(comparison, mapping);
  const rows = await run<{ id: number }>(sql, values);
  return rows.map(({ id }) => id);
}

function idsQuery(
  comparison: FilterComparison,
  mapping: InternedMapping,
): { sql: string; values: unknown[] } {
  if (mapping.holds === "actorKind") {
    const kinds = Object.entries(mapping.kinds).flatMap(([word, meant]) =>
      matchesWord(comparison, word) ? meant : [],
    );
    return { sql: "SELECT id FROM audit_actor WHERE kind = ANY ($1::text[])", values: [kinds] };
  }
  if (mapping.holds === "term") {
    const { sql, value } = textCondition(comparison, "value", mapping.list ?? false);
    return {
      sql: `SELECT id FROM audit_dictionary WHERE kind = $2::text AND ${sql}`,
      values: [value, mapping.kind],
    };
  }
  const table = mapping.holds === "actor" ? "audit_actor" : "audit_cluster";
  const columns = mapping.holds === "actor" ? mapping.of : [mapping.of];
  const conditions = columns.map((column) => textCondition(comparison, textOf(column), false));
  const sql = conditions.map((condition) => `(${condition.sql})`).join(" OR ");
  return {
    sql: `SELECT id FROM ${table} WHERE ${sql}`,
    values: conditions[0]?.value === undefined ? [] : [conditions[0].value],
  };
}

const textOf = (column: string): string =>
  column === "source_name" ? "coalesce(nullif(email, ''), name)" : column;

/** Empty text is an absent value, so it matches nothing. `$1` is the value. */
function textCondition(
  { op, values }: FilterComparison,
  text: string,
  list: boolean,
): { sql: string; value?: unknown } {
  if (op === "present") return { sql: `${text} <> ''` };
  if (isPart(op)) {
    const { sql, value } = partSql(op, list ? "line" : text, values[0] ?? "", "$1::text");
    return {
      sql: list ? `EXISTS (SELECT FROM unnest(string_to_array(${text}, E'\\n')) AS line WHERE ${sql})` : sql,
      value,
    };
  }
  const wanted = values.filter((value) => value !== "");
  return {
    sql: list ? `string_to_array(${text}, E'\\n') && $1::text[]` : `${text} = ANY ($1::text[])`,
    value: wanted,
  };
}

function matchesWord({ op, values }: FilterComparison, word: string): boolean {
  if (op === "present") return true;
  return isPart(op) ? matchesPart(op, word, values[0] ?? "") : values.includes(word);
}
