import type { DocumentProblem } from "../../../../../../lib/access/roles/schema.ts";

/** What is wrong with a field, or with something in it. */
export function problemOf(problems: readonly DocumentProblem[], field: string): string | undefined {
  return problems.find(
    (problem) =>
      problem.severity === "error" && (problem.field === field || problem.field.startsWith(`${field}.`)),
  )?.message;
}
