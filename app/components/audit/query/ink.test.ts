import { expect, test } from "vitest";
import { inkOf } from "./ink.ts";

const joined = (text: string) =>
  inkOf(text, null)
    .flatMap((piece) => piece.runs)
    .map((run) => run.text)
    .join("");
const clauses = (text: string) =>
  inkOf(text, null)
    .filter((piece) => piece.clause)
    .map((piece) => piece.runs.map((run) => run.text).join(""));

test.each([
  'verb = "delete" AND (resource = "secrets" OR cluster = "prod-eu-1")',
  "  verb=get   and -namespace IN (a,  b ) ",
  'verb = "unfinished',
  "))) = = §§",
  "",
])("the coloured copy has the very characters of %s", (text) => {
  expect(joined(text)).toBe(text);
});

test("each comparison stands on a ground of its own", () => {
  expect(clauses('verb = "delete" AND (resource IN (a, b) OR role:*)')).toEqual([
    'verb = "delete"',
    "resource IN (a, b)",
    "role:*",
  ]);
});

test("what is wrong is marked where it is", () => {
  const runs = inkOf("verbb = get", { start: 0, end: 5 }).flatMap((piece) => piece.runs);
  expect(runs.filter((run) => run.className.includes("syn-wrong")).map((run) => run.text)).toEqual(["verbb"]);
});
