import { type AttrExp, type Compare, type Filter, parse } from "scim2-parse-filter";
import { showValue } from "../../../names/shown-value.ts";
import { ScimError } from "../protocol/scim-error.ts";
import type { FilterField, FilterFields } from "./filter-fields.ts";

const MOST_CHARACTERS = 1_000;
const MOST_CLAUSES = 20;

/** A condition of SQL, and what its parameters are. */
export interface Condition {
  sql: string;
  values: unknown[];
}

interface Compiling {
  fields: FilterFields;
  /** The number of the first parameter. */
  first: number;
  values: unknown[];
  clauses: number;
}

/**
 * A filter (RFC 7644, section 3.4.2.2) as a condition over `fields`; what it compares with is in parameters alone, from `$first` on.
 * @throws ScimError `invalidFilter` for one that is too long, is not understood, or asks of what is no field.
 */
export function compileFilter(
  filter: string,
  { fields, first }: { fields: FilterFields; first: number },
): Condition {
  if (filter.length > MOST_CHARACTERS) {
    throw invalid(`got ${filter.length} characters; takes at most ${MOST_CHARACTERS}`);
  }
  const compiling: Compiling = { fields, first, values: [], clauses: 0 };
  const sql = compile(parseFilter(filter), "", compiling);
  return { sql, values: compiling.values };
}

function parseFilter(filter: string): Filter {
  try {
    return parse(filter);
  } catch {
    throw invalid(`${showValue(filter)} is not understood; takes such as userName eq "ann@example.com"`);
  }
}

function compile(filter: Filter, prefix: string, compiling: Compiling): string {
  switch (filter.op) {
    case "and":
    case "or": {
      const parts = filter.filters.map((each) => compile(each, prefix, compiling));
      return `(${parts.join(` ${filter.op} `)})`;
    }
    case "not":
      return `(not coalesce(${compile(filter.filter, prefix, compiling)}, false))`;
    case "[]":
      return compile(filter.valFilter, `${filter.attrPath}.`, compiling);
    default:
      return compileClause(filter as AttrExp, prefix, compiling);
  }
}

function compileClause(clause: AttrExp, prefix: string, compiling: Compiling): string {
  compiling.clauses += 1;
  if (compiling.clauses > MOST_CLAUSES) throw invalid(`has more than ${MOST_CLAUSES} comparisons`);
  const field = fieldOf(prefix + clause.attrPath, compiling.fields);
  if (clause.op === "pr") return `(${field.sql}) is not null`;
  if (clause.compValue === null) return compareWithNothing(field, clause.op);
  return compare(field, clause, (value) => {
    compiling.values.push(value);
    return `$${compiling.first + compiling.values.length - 1}`;
  });
}

/** Names are without case (RFC 7643, section 2.1), and may have their schema before them. */
function fieldOf(path: string, fields: FilterFields): FilterField {
  const name = path.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/, "");
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field) return field;
  throw invalid(`asks of ${showValue(path)}; takes ${Object.keys(fields).join(", ")}`);
}

function compareWithNothing({ sql }: FilterField, op: Compare["op"]): string {
  if (op === "eq") return `(${sql}) is null`;
  if (op === "ne") return `(${sql}) is not null`;
  throw invalid(`compares with null by ${op}; takes eq and ne`);
}

const ORDER: Partial<Record<Compare["op"], string>> = { gt: ">", ge: ">=", lt: "<", le: "<=" };

function compare(field: FilterField, { op, compValue }: Compare, bind: (value: unknown) => string): string {
  switch (field.kind) {
    case "boolean":
      return compareBoolean(field, op, bind(booleanOf(compValue)));
    case "time":
      return compareTime(field, op, bind(timeOf(compValue)));
    case "exact":
      return compareText(field.sql, op, `${bind(textOf(compValue))}::text`);
    case "text":
      return compareText(`lower(${field.sql})`, op, `lower(${bind(textOf(compValue))}::text)`);
  }
}

function compareText(sql: string, op: Compare["op"], value: string): string {
  switch (op) {
    case "eq":
      return `${sql} = ${value}`;
    case "ne":
      return `${sql} is distinct from ${value}`;
    case "co":
      return `position(${value} in ${sql}) > 0`;
    case "sw":
      return `starts_with(${sql}, ${value})`;
    case "ew":
      return `right(${sql}, length(${value})) = ${value}`;
    default:
      return `${sql} collate "C" ${ORDER[op]} ${value}`;
  }
}

function compareTime({ sql }: FilterField, op: Compare["op"], value: string): string {
  if (op === "eq") return `${sql} = ${value}::timestamptz`;
  if (op === "ne") return `${sql} is distinct from ${value}::timestamptz`;
  if (ORDER[op]) return `${sql} ${ORDER[op]} ${value}::timestamptz`;
  throw invalid(`compares a time by ${op}; takes eq, ne, gt, ge, lt and le`);
}

function compareBoolean({ sql }: FilterField, op: Compare["op"], value: string): string {
  if (op === "eq") return `${sql} = ${value}::boolean`;
  if (op === "ne") return `${sql} is distinct from ${value}::boolean`;
  throw invalid(`compares true or false by ${op}; takes eq and ne`);
}

function textOf(value: Compare["compValue"]): string {
  if (typeof value === "string" && !value.includes("\0")) return value;
  throw invalid(`compares a text with ${showValue(value)}; takes a text in double quotes`);
}

function booleanOf(value: Compare["compValue"]): boolean {
  const text = String(value).toLowerCase();
  if (text === "true" || text === "false") return text === "true";
  throw invalid(`compares true or false with ${showValue(value)}`);
}

function timeOf(value: Compare["compValue"]): string {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw invalid(`compares a time with ${showValue(value)}; takes such as "2026-11-28T12:00:00Z"`);
}

const invalid = (problem: string) => new ScimError(400, "invalidFilter", `filter: ${problem}`);
