import { type ASTNode, serialize } from "@marcbachmann/cel-js";
import { LRUCache } from "lru-cache";
import { COMPREHENSIONS, costOf, MOST_COST, partsOf, typeOf } from "./cost.ts";
import {
  compileLinearPattern,
  EXPRESSION_ENVIRONMENT,
  type ExpressionFacts,
  LINEAR_MATCHES,
} from "./environment.ts";

export interface CompiledExpression {
  /** Whether it can answer otherwise when nothing passes but time. */
  usesNow: boolean;
  /** @throws where it fails, as for a label that is not there. */
  evaluate(facts: ExpressionFacts): boolean;
}

/** What is wrong with an expression, and where in its text (UTF-16 units). */
export class ExpressionError extends Error {
  readonly range: { start: number; end: number } | null;

  constructor(message: string, range: ExpressionError["range"] = null) {
    super(message);
    this.name = "ExpressionError";
    this.range = range;
  }
}

const MOST_PATTERN_CHARACTERS = 200;
const CALLABLE: ReadonlySet<string> = new Set([
  ...COMPREHENSIONS,
  ...["has", "size", "startsWith", "endsWith", "contains", "matches", "lowerAscii", "upperAscii", "trim"],
  ...[
    "indexOf",
    "lastIndexOf",
    "substring",
    "split",
    "int",
    "double",
    "string",
    "bool",
    "timestamp",
    "duration",
  ],
  ...["getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours", "getMinutes"],
  ...["getMonth", "getSeconds", "getMilliseconds"],
]);

/**
 * A condition in CEL (https://cel.dev) over `request`, `user`, `cluster` and `now`. Nodes, nesting, lists and steps are bounded, and `matches` is RE2's: a
 * role's writer cannot make each decision slow.
 * @throws ExpressionError
 */
export function compileExpression(source: string): CompiledExpression {
  const known = compiled.get(source) ?? compile(source);
  compiled.set(source, known);
  return known;
}

/** Whoever explains a decision compiles each rule many times over. */
const compiled = new LRUCache<string, CompiledExpression>({ max: 1_000 });

function compile(source: string): CompiledExpression {
  const { ast } = parse(source);
  const usesNow = inspect(ast, 0);
  const cost = costOf(ast);
  if (cost > MOST_COST)
    throw new ExpressionError(
      `it takes up to ${cost} steps; takes at most ${MOST_COST}. A list such as user.groups counts as 1000 elements: "x" in user.groups looks for one`,
    );
  renameMatches(ast);
  // The library's own text of the changed tree, read again: what is evaluated is what was checked.
  const safe = serialize(ast);
  const check = EXPRESSION_ENVIRONMENT.check(safe);
  if (!check.valid) throw refusalOf(check.error);
  const evaluate = EXPRESSION_ENVIRONMENT.parse(safe);
  return { usesNow, evaluate: (facts) => evaluate(facts) === true };
}

function parse(source: string) {
  try {
    const parsed = EXPRESSION_ENVIRONMENT.parse(source);
    const check = parsed.check();
    if (!check.valid) throw check.error;
    if (check.type !== "bool") throw new ExpressionError(`it is of type ${check.type}; takes true or false`);
    return parsed;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** @returns whether it names `now` */
function inspect(node: ASTNode, depth: number): boolean {
  const { called, receiver, parts } = partsOf(node);
  if (called !== null) checkCall(node, called, depth);
  if (node.op === "+" && typeOf(node)?.startsWith("list<"))
    throw new ExpressionError("it joins lists; ask each by itself", {
      start: node.range.start,
      end: node.range.end,
    });
  const inner = depth + (called !== null && COMPREHENSIONS.has(called) ? 1 : 0);
  const found = [
    node.op === "id" && node.args === "now",
    receiver !== null && inspect(receiver, depth),
    ...parts.map((part) => inspect(part, inner)),
  ];
  return found.includes(true);
}

function checkCall(node: ASTNode, called: string, depth: number): void {
  const range = { start: node.range.start, end: node.range.end };
  if (!CALLABLE.has(called))
    throw new ExpressionError(`it calls ${called}, which conditions do not have`, range);
  if (COMPREHENSIONS.has(called) && depth > 0)
    throw new ExpressionError(
      `${called} stands within another walk over a list; take one after the other`,
      range,
    );
  if (called === "has") refuseAskingWhetherKnown(node, range);
  if (called !== "matches") return;
  const pattern = node.op === "rcall" ? node.args[2][0] : undefined;
  if (pattern?.op !== "value" || typeof pattern.args !== "string")
    throw new ExpressionError("matches takes a pattern that is written out", range);
  if (pattern.args.length > MOST_PATTERN_CHARACTERS)
    throw new ExpressionError(
      `matches takes a pattern of at most ${MOST_PATTERN_CHARACTERS} characters`,
      range,
    );
  try {
    compileLinearPattern(pattern.args);
  } catch (error) {
    throw new ExpressionError(
      `matches takes a pattern of RE2: ${error instanceof Error ? error.message : String(error)}`,
      range,
    );
  }
}

const LABEL_MAPS: ReadonlySet<unknown> = new Set(["labels", "namespaceLabels"]);

/** Labels that are not known are to make an expression fail: one that could ask for that would make of it what holds, or does not deny. */
function refuseAskingWhetherKnown(node: ASTNode, range: { start: number; end: number }): void {
  const [asked] = partsOf(node).parts;
  if (asked?.op !== "." || !LABEL_MAPS.has(asked.args[1])) return;
  const [of] = asked.args;
  if (of.op === "." && LABEL_MAPS.has(of.args[1])) return;
  throw new ExpressionError(
    "has takes a label, such as has(cluster.labels.env): where labels are not known the expression fails by itself",
    range,
  );
}

function renameMatches(node: ASTNode): void {
  const { called, receiver, parts } = partsOf(node);
  if (called === "matches") (node.args as unknown[])[0] = LINEAR_MATCHES;
  for (const part of receiver === null ? parts : [receiver, ...parts]) renameMatches(part);
}

function refusalOf(error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return error;
  if (!(error instanceof Error)) return new ExpressionError(String(error));
  const { summary, range } = error as Error & { summary?: string; range?: { start: number; end: number } };
  return new ExpressionError(
    summary ?? error.message.split("\n")[0] ?? "it is not understood",
    range ?? null,
  );
}
