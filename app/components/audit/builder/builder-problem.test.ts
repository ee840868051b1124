import { expect, test } from "vitest";
import { REQUEST_AUDIT_FIELDS } from "../../../../lib/audit/request-audit/schema.ts";
import { FILTER_LIMITS } from "../../../../lib/filter/tree.ts";
import { problemOf, problemOfWhole } from "./builder-problem.ts";
import { emptyCondition, emptyGroup } from "./builder-tree.ts";

const condition = (field: string, ...values: string[]) => ({ ...emptyCondition(field), values });

test("a value that cannot be read is told at its condition", () => {
  expect(problemOf(condition("executedAt", "garbage"), REQUEST_AUDIT_FIELDS)).toContain("garbage");
  expect(problemOf(condition("executedAt", "today"), REQUEST_AUDIT_FIELDS)).toBeNull();
  expect(problemOf(condition("executedAt"), REQUEST_AUDIT_FIELDS)).toBeNull();
});

test("what no condition shows is told of the whole", () => {
  const wrong = emptyGroup([emptyGroup([condition("executedAt", "garbage")], "or")]);
  expect(problemOfWhole(wrong, REQUEST_AUDIT_FIELDS)).toBeNull();
  const rows = Array.from({ length: FILTER_LIMITS.comparisons + 1 }, () => condition("verb", "get"));
  expect(problemOfWhole(emptyGroup(rows.slice(1)), REQUEST_AUDIT_FIELDS)).toBeNull();
  expect(problemOfWhole(emptyGroup(rows), REQUEST_AUDIT_FIELDS)).toContain(`${FILTER_LIMITS.comparisons}`);
});
