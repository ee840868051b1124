import { expect, test } from "vitest";
import { REQUEST_AUDIT_FIELDS } from "../../../../lib/audit/request-audit/schema.ts";
import { formatFilter } from "../../../../lib/filter/format.ts";
import { parseFilter } from "../../../../lib/filter/parse.ts";
import { facetChoice, toggleFacet } from "./facet-filter.ts";

function read(text: string) {
  const parsed = parseFilter(text, REQUEST_AUDIT_FIELDS);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.filter;
}

test.each([
  ["", "verb", "get", "included", 'verb = "get"'],
  ['verb = "get"', "verb", "list", "included", 'verb IN ("get", "list")'],
  ['verb IN ("get", "list")', "verb", "get", "included", 'verb = "list"'],
  ['verb = "get"', "verb", "get", "included", ""],
  ['verb = "get"', "cluster", "prod", "included", 'verb = "get" AND cluster = "prod"'],
  ["", "verb", "watch", "excluded", 'verb != "watch"'],
  ['verb != "watch"', "verb", "watch", "excluded", ""],
  ['verb != "watch"', "verb", "watch", "included", 'verb = "watch"'],
  ['verb = "get"', "verb", "get", "excluded", 'verb != "get"'],
  ["", "namespace", null, "included", "NOT namespace:*"],
  ['namespace = "dev"', "namespace", null, "included", '(namespace = "dev" OR NOT namespace:*)'],
  ["", "namespace", null, "excluded", "namespace:*"],
  [
    '(verb = "get" OR cluster = "a")',
    "verb",
    "get",
    "included",
    '(verb = "get" OR cluster = "a") AND verb = "get"',
  ],
] as const)("%s: %s %s %s", (before, field, value, choice, after) => {
  expect(formatFilter(toggleFacet(read(before), field, value, choice))).toBe(formatFilter(read(after)));
});

test("a value is shown as chosen where the expression says so", () => {
  const filter = read('verb IN ("get", "list") AND namespace != "dev"');
  expect(facetChoice(filter, "verb", "list")).toBe("included");
  expect(facetChoice(filter, "namespace", "dev")).toBe("excluded");
  expect(facetChoice(filter, "verb", "delete")).toBeNull();
  expect(facetChoice(read('verb = "get" OR cluster = "a"'), "verb", "get")).toBeNull();
});
