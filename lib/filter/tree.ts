import { z } from "zod";

/**
 * The typed filter tree: what the text form means, what the builder edits, what SQL is compiled from. Values stay the text
 * they were written as (`now-2h` remains relative in a saved view) and are read by their field's type when the tree is used.
 *
 * Two-valued: a comparison is true or false, never unknown. An absent value differs from every value.
 */

/** `present` is written `field:*`: the field has a value. `=^` begins with and `=$` ends with, in any case, as `:` contains. */
const FILTER_OPERATORS = ["=", "!=", "<", "<=", ">", ">=", ":", "=^", "=$", "in", "present"] as const;
export const FilterOperator = z.enum(FILTER_OPERATORS);
export type FilterOperator = z.infer<typeof FilterOperator>;

/** Bounds on what one expression may ask for; beyond them the text is refused. */
export const FILTER_LIMITS = {
  /** Characters of the text form. */
  characters: 8_000,
  /** Levels of parentheses and NOT. */
  depth: 24,
  comparisons: 200,
  /** Values of one IN list. */
  listValues: 500,
  /** Characters of one value. */
  valueCharacters: 1_024,
} as const;

export const FilterComparison = z.object({
  kind: z.literal("comparison"),
  /** The field's own name, never an alias. */
  field: z.string(),
  op: FilterOperator,
  /** One value; any number from one for `in`; none for `present`. */
  values: z.array(z.string().max(FILTER_LIMITS.valueCharacters)).max(FILTER_LIMITS.listValues),
});
export type FilterComparison = z.infer<typeof FilterComparison>;

export type FilterNode =
  | FilterComparison
  | { kind: "and"; nodes: FilterNode[] }
  | { kind: "or"; nodes: FilterNode[] }
  | { kind: "not"; node: FilterNode };

export const FilterNode: z.ZodType<FilterNode> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    FilterComparison,
    z.object({ kind: z.literal("and"), nodes: z.array(FilterNode).min(1) }),
    z.object({ kind: z.literal("or"), nodes: z.array(FilterNode).min(1) }),
    z.object({ kind: z.literal("not"), node: FilterNode }),
  ]),
);

/** Both must hold; null stands for no condition. */
export function bothFilters(left: FilterNode | null, right: FilterNode | null): FilterNode | null {
  if (!left) return right;
  if (!right) return left;
  const nodes = [left, right].flatMap((node) => (node.kind === "and" ? node.nodes : [node]));
  return { kind: "and", nodes };
}
