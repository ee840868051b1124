import { expect, test } from "vitest";
import { REQUEST_AUDIT_FIELDS } from "../../../../lib/audit/request-audit/schema.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import {
  addNode,
  editGroup,
  editNode,
  emptyCondition,
  emptyGroup,
  fromBuilder,
  toBuilder,
} from "./builder-tree.ts";

function read(text: string) {
  const parsed = parseFilter(text, REQUEST_AUDIT_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.filter;
}

test.each([
  "",
  'verb = "get"',
  'verb = "delete" AND (resource = "secrets" OR cluster = "prod")',
  'NOT (verb = "get" OR verb = "list") AND namespace != "dev"',
  'NOT message:"forbidden" AND NOT verb IN ("get", "list") AND NOT namespace:*',
  "NOT (NOT durationMs > 1s)",
])("building and text mean the same: %s", (text) => {
  const filter = read(text);
  expect(fromBuilder(toBuilder(filter))).toEqual(filter);
});

test("a condition without a value yet leaves the expression as it was", () => {
  const tree = toBuilder(read('verb = "get"'));
  expect(formatFilter(fromBuilder(addNode(tree, tree.id, emptyCondition("cluster"))))).toBe('verb = "get"');
  expect(formatFilter(fromBuilder(addNode(tree, tree.id, emptyGroup([]))))).toBe('verb = "get"');
});

test("nodes are edited, joined and taken away wherever they stand", () => {
  const tree = toBuilder(read('verb = "get" AND (cluster = "a" AND cluster = "b")'));
  const group = tree.nodes[1];
  if (group?.kind !== "group") throw new Error("no group");
  const joined = editGroup(tree, group.id, { join: "or", negated: true });
  expect(formatFilter(fromBuilder(joined))).toBe('verb = "get" AND NOT (cluster = "a" OR cluster = "b")');
  const first = group.nodes[0];
  if (!first) throw new Error("no node");
  expect(formatFilter(fromBuilder(editNode(joined, first.id, () => null)))).toBe(
    'verb = "get" AND NOT cluster = "b"',
  );
});
