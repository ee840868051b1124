import { AppError } from "../../errors.ts";
import { checkOperator, checkValue } from "../../filter/check.ts";
import { findField } from "../../filter/fields.ts";
import { suggestWord } from "../../filter/suggest.ts";
import {
  FILTER_LIMITS,
  type FilterComparison,
  type FilterNode,
  type FilterOperator,
} from "../../filter/tree.ts";
import { EVENT_HISTORY_FIELDS } from "../event-history/schema.ts";
import { FILTER_FIELDS } from "./schema.ts";

const OPERATORS: Record<string, { op: FilterOperator; negated?: boolean }> = {
  "==": { op: "=" },
  "!=": { op: "!=" },
  "<=": { op: "<=" },
  ">=": { op: ">=" },
  "=@": { op: ":" },
  "!@": { op: ":", negated: true },
  "=^": { op: "=^" },
  "=$": { op: "=$" },
};
const CONDITION = /^([A-Za-z_]+)(==|!=|<=|>=|=@|!@|=\^|=\$)(.*)$/s;
/** A comma ends a condition only where another begins: values may have commas in them. */
const BETWEEN = /,(?=[A-Za-z_]+(?:==|!=|<=|>=|=@|!@|=\^|=\$))/;

/**
 * Reads `filterBy`: `field OP value,...`, all of which must hold. Text is compared exactly by `==` and `!=`, in any case by the
 * others.
 * @throws AppError `invalid_argument` that names the condition.
 */
export function readFilterBy(filterBy: string | undefined): FilterNode | null {
  if (!filterBy) return null;
  const nodes = filterBy.split(BETWEEN).map(readCondition);
  if (nodes.length > FILTER_LIMITS.comparisons)
    refuse(filterBy, `at most ${FILTER_LIMITS.comparisons} conditions`);
  return nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: "and", nodes };
}

function readCondition(text: string): FilterNode {
  const [, name = "", sign = "", written = ""] = CONDITION.exec(text) ?? [];
  const meant = OPERATORS[sign];
  if (!meant)
    return refuse(text, "field, operator (== != <= >= =@ !@ =^ =$) and value, such as entity_type==Cluster");
  const known = Object.hasOwn(FILTER_FIELDS, name) ? FILTER_FIELDS[name] : undefined;
  const field = findField(EVENT_HISTORY_FIELDS, known ?? "");
  if (!field) {
    const names = Object.keys(FILTER_FIELDS);
    const near = suggestWord(name, names);
    return refuse(
      text,
      near ? `a known field; did you mean ${near}?` : `one of the fields ${names.join(", ")}`,
    );
  }
  // "App" is what other products call an application.
  const value = field.name === "sourceType" && written === "App" ? "Application" : written;
  const refusal = checkOperator(field, meant.op) ?? checkValue(field, meant.op, value);
  if (refusal) return refuse(text, refusal.message);
  const comparison: FilterComparison = {
    kind: "comparison",
    field: field.name,
    op: meant.op,
    values: [value],
  };
  return meant.negated ? { kind: "not", node: comparison } : comparison;
}

function refuse(got: string, takes: string): never {
  throw new AppError("invalid_argument", `filterBy: got ${got.slice(0, 100)}; takes ${takes}`, {
    details: [{ field: "filterBy", got: got.slice(0, 100), takes }],
  });
}
