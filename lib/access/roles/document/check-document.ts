import type { z } from "zod";
import { compileExpression, ExpressionError } from "../../policy/expression/compile-expression.ts";
import { RoleDocument } from "./schema.ts";

/** What is wrong with a document; of a `warning` it is not sure, and the document is taken. */
export interface DocumentIssue {
  severity: "error" | "warning";
  /** Into the document: `["spec", "rules", 0, "verbs"]`. */
  path: PropertyKey[];
  /** Of a key that is not known: which one, in what `path` names. */
  key?: string;
  message: string;
}

export interface CheckedDocument {
  /** Null where an issue is an error. */
  document: RoleDocument | null;
  issues: DocumentIssue[];
}

const MOST_ISSUES = 100;

/** Reads a document as it came: by its schema, then its expressions. */
export function checkDocument(value: unknown): CheckedDocument {
  const parsed = RoleDocument.safeParse(value);
  if (!parsed.success)
    return { document: null, issues: parsed.error.issues.flatMap(issuesOf).slice(0, MOST_ISSUES) };
  const errors = checkExpressions(parsed.data);
  if (errors.length > 0) return { document: null, issues: errors };
  return { document: parsed.data, issues: warnOf(parsed.data) };
}

const EXPECTED: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  string: "a text",
  boolean: "true or false",
  number: "a number",
};

function issuesOf(issue: z.core.$ZodIssue): DocumentIssue[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      severity: "error",
      path,
      key,
      message: "no field of this name is known",
    }));
  }
  const isPlain = issue.code === "invalid_type" && issue.message.startsWith("Invalid input");
  const message = isPlain ? `takes ${EXPECTED[issue.expected] ?? issue.expected}` : issue.message;
  return [{ severity: "error", path, message }];
}

function checkExpressions({ spec }: RoleDocument): DocumentIssue[] {
  return spec.rules.flatMap((rule, index): DocumentIssue[] => {
    const message = rule.when?.expression === undefined ? null : whyRefused(rule.when.expression);
    if (message === null) return [];
    return [{ severity: "error", path: ["spec", "rules", index, "when", "expression"], message }];
  });
}

function whyRefused(expression: string): string | null {
  try {
    compileExpression(expression);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { range, message } = error;
    return `takes an expression in CEL; ${message}${range === null ? "" : ` (at character ${range.start + 1})`}`;
  }
}

const SUPERUSERS = "system:masters";

function warnOf({ spec }: RoleDocument): DocumentIssue[] {
  const lists: [string, readonly string[]][] = [
    ["kubernetes", spec.kubernetes.groups],
    ["impersonate", spec.impersonate.groups],
  ];
  return lists.flatMap(([field, groups]): DocumentIssue[] => {
    const index = groups.indexOf(SUPERUSERS);
    if (index < 0) return [];
    const message = `${SUPERUSERS} may do everything in a cluster, and no role of the cluster's can take it back`;
    return [{ severity: "warning", path: ["spec", field, "groups", index], message }];
  });
}
