import { matchesPart } from "../../filter/contains.ts";
import { spanOf } from "../../filter/evaluate.ts";
import type { FilterField } from "../../filter/fields.ts";
import type { TimeReference } from "../../filter/relative-time.ts";
import { boundTime } from "../../filter/time-bounds.ts";
import type { FilterOperator } from "../../filter/tree.ts";
import { isPart, type MatchingIds, type PartOperator, partSql } from "./matching-ids.ts";
import type { SqlParameters } from "./sql-parameters.ts";
import type { ColumnMapping } from "./surface.ts";

/** How absent values stand in a table: null in rows, 0 in counters. */
export type AbsentValue = "null" | "zero";

/** One comparison, or its negative, about to be written as SQL. */
export interface WrittenComparison {
  field: FilterField;
  mapping: ColumnMapping;
  /** `!=` is the negative of `=`. */
  op: Exclude<FilterOperator, "!=">;
  values: readonly string[];
  ids: MatchingIds | undefined;
  positive: boolean;
  absent: AbsentValue;
  parameters: SqlParameters;
  reference: TimeReference;
}

/** A condition that is true or false for every row: the negative holds wherever the positive does not, absent values included. */
export function comparisonSql(written: WrittenComparison): string {
  if (written.ids) return idsSql(written, written.ids);
  const positive = positiveSql(written);
  if (written.positive) return positive;
  const column = written.mapping.column;
  return written.mapping.holds === "time" || written.mapping.holds === "code"
    ? `NOT ${positive}`
    : `(${column} IS NULL OR NOT ${positive})`;
}

function idsSql(
  { mapping, positive, absent, parameters }: WrittenComparison,
  { ids, complement }: MatchingIds,
): string {
  const column = mapping.column;
  const given = absent === "null" ? `${column} IS NOT NULL` : `${column} <> 0`;
  const absentSql = absent === "null" ? `${column} IS NULL` : `${column} = 0`;
  if (ids.length === 0) return complement ? (positive ? given : absentSql) : String(!positive);
  const list = parameters.add(ids, mapping.holds === "recordingText" ? "uuid[]" : "int[]");
  if (positive) return complement ? `(${given} AND ${column} <> ALL (${list}))` : `${column} = ANY (${list})`;
  return complement
    ? `(${absentSql} OR ${column} = ANY (${list}))`
    : `(${absentSql} OR ${column} <> ALL (${list}))`;
}

function positiveSql(written: WrittenComparison): string {
  const { mapping } = written;
  switch (mapping.holds) {
    case "text":
      return textSql(written, mapping.column);
    case "uuid":
      return uuidSql(written, mapping.column);
    case "number":
      return numberSql(written, mapping.column);
    case "time":
      return timeSql(written, mapping.column);
    case "code":
      return codeSql(written, mapping.column, mapping.codes);
    default:
      // Only presence is left for interned columns; everything else became ids.
      return written.absent === "null" ? `(${mapping.column} IS NOT NULL)` : `(${mapping.column} <> 0)`;
  }
}

function textSql({ op, values, parameters }: WrittenComparison, column: string): string {
  if (op === "present") return `(${column} <> '')`;
  if (!isPart(op)) {
    const wanted = values.filter((value) => value !== "");
    return `(${column} = ANY (${parameters.add(wanted, "text[]")}))`;
  }
  return partOfColumn(op, column, values[0] ?? "", parameters);
}

function partOfColumn(op: PartOperator, column: string, needle: string, parameters: SqlParameters): string {
  const placeholder = `$${parameters.values.length + 1}::text`;
  const { sql, value } = partSql(op, column, needle, placeholder);
  parameters.add(value, "text");
  return `(${sql})`;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function uuidSql({ op, values, parameters }: WrittenComparison, column: string): string {
  if (op === "present") return `(${column} IS NOT NULL)`;
  if (isPart(op)) return partOfColumn(op, `${column}::text`, values[0] ?? "", parameters);
  return `(${column} = ANY (${parameters.add(
    values.filter((value) => UUID.test(value)),
    "uuid[]",
  )}))`;
}

const clampNumber = (value: number): number =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value));

function numberSql({ op, values, field, parameters, reference }: WrittenComparison, column: string): string {
  if (op === "present") return `(${column} IS NOT NULL)`;
  const spans = values.map((value) => spanOf(value, field, reference));
  if (op === "=" || op === "in") {
    const whole = spans.map(({ start }) => start).filter((value) => Number.isSafeInteger(value));
    return `(${column} = ANY (${parameters.add(whole, "bigint[]")}))`;
  }
  const { start = 0 } = spans[0] ?? {};
  // The column holds whole numbers: below 1.5 is below 2, above 1.5 is above 1.
  const bound = op === "<" || op === ">=" ? Math.ceil(start) : Math.floor(start);
  return `(${column} ${op} ${parameters.add(clampNumber(bound), "bigint")})`;
}

const timeParameter = (milliseconds: number): string => new Date(boundTime(milliseconds)).toISOString();

function timeSql({ op, values, field, parameters, reference }: WrittenComparison, column: string): string {
  if (op === "present") return "true";
  const at = (milliseconds: number) => parameters.add(timeParameter(milliseconds), "timestamptz");
  const spans = values.map((value) => spanOf(value, field, reference));
  if (op === "=" || op === "in") {
    const within = spans.map(
      ({ start, last }) => `(${column} >= ${at(start)} AND ${column} < ${at(last + 1)})`,
    );
    return `(${within.join(" OR ")})`;
  }
  const { start = 0, last = 0 } = spans[0] ?? {};
  if (op === "<" || op === ">=") return `(${column} ${op} ${at(start)})`;
  return `(${column} ${op === "<=" ? "<" : ">="} ${at(last + 1)})`;
}

function codeSql(
  { op, values, parameters }: WrittenComparison,
  column: string,
  codes: Readonly<Record<string, number>>,
): string {
  if (op === "present") return "true";
  const words = Object.keys(codes).filter((word) =>
    isPart(op) ? matchesPart(op, word, values[0] ?? "") : values.includes(word),
  );
  return `(${column} = ANY (${parameters.add(
    words.map((word) => codes[word]),
    "smallint[]",
  )}))`;
}
