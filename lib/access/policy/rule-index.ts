import type { RequestAttributes } from "./request-attributes.ts";
import type { CompiledRule } from "./rule.ts";
import type { PolicyRule } from "./schema.ts";

/** What no rule names: callers choose verbs and kinds, and what is kept for each must have a bound. */
const OTHER = "";

/** The verbs and kinds that the rules of a table name. What is asked is one cell of their product, or beside it. */
export class Vocabulary {
  readonly #verbs: readonly string[];
  readonly #kinds: readonly string[];
  readonly #verbNumbers: ReadonlyMap<string, number>;
  readonly #kindNumbers: ReadonlyMap<string, number>;

  constructor(rules: readonly PolicyRule[]) {
    this.#verbs = [OTHER, ...new Set(rules.flatMap(({ verbs }) => verbs))];
    this.#kinds = [OTHER, ...new Set(rules.flatMap(({ resources }) => resources.map(kindOf)))];
    this.#verbNumbers = numbered(this.#verbs);
    this.#kindNumbers = numbered(this.#kinds);
  }

  /** -1: it is for a path, no resource. */
  cellOf({ isResourceRequest, verb, resource }: RequestAttributes): number {
    if (!isResourceRequest) return -1;
    return (this.#verbNumbers.get(verb) ?? 0) * this.#kinds.length + (this.#kindNumbers.get(resource) ?? 0);
  }

  /** The verb and the kind of a cell; `""` for what no rule names. */
  namesOf(cell: number): { verb: string; kind: string } {
    const kinds = this.#kinds.length;
    return { verb: this.#verbs[Math.floor(cell / kinds)] ?? OTHER, kind: this.#kinds[cell % kinds] ?? OTHER };
  }
}

const numbered = (names: readonly string[]) => new Map(names.map((name, number) => [name, number]));
const kindOf = (resource: string) => resource.split("/", 1)[0] ?? OTHER;

/** The rules that may be about what is in a cell, in their order. */
export type RuleIndex = (cell: number) => readonly CompiledRule[];

/** Leaves out at once what a role has for other verbs and kinds. */
export function indexRules(
  rules: readonly { rule: PolicyRule; compiled: CompiledRule }[],
  vocabulary: Vocabulary,
): RuleIndex {
  const cells = new Map<number, readonly CompiledRule[]>();
  const select = (cell: number): readonly CompiledRule[] => {
    const { verb, kind } = vocabulary.namesOf(cell);
    const isForCell = ({ rule }: { rule: PolicyRule }) =>
      cell < 0 ? rule.nonResourceURLs.length > 0 : mayHaveVerb(rule, verb) && mayHaveKind(rule, kind);
    return rules.filter(isForCell).map(({ compiled }) => compiled);
  };
  return (cell) => {
    const known = cells.get(cell);
    if (known !== undefined) return known;
    const selected = select(cell);
    cells.set(cell, selected);
    return selected;
  };
}

const mayHaveVerb = ({ verbs }: PolicyRule, verb: string) =>
  verbs.some((pattern) => pattern === verb || pattern.includes("*"));

const mayHaveKind = ({ resources }: PolicyRule, kind: string) =>
  resources.some((resource) => {
    const named = kindOf(resource);
    return named === kind || named === "*";
  });
