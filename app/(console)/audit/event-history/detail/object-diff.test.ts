import { expect, it } from "vitest";
import { diffObjects } from "./object-diff.ts";

const show = (before: unknown, after: unknown) =>
  diffObjects(before, after).lines.map(({ kind, before: left, after: right, pieces }) => {
    const sign = { same: " ", added: "+", removed: "-" }[kind];
    const text = pieces.map((piece) => (piece.changed ? `[${piece.text}]` : piece.text)).join("");
    return `${left ?? "."} ${right ?? "."} ${sign}${text}`;
  });

it("shows what replaced what, to the word, with both sides' line numbers", () => {
  expect(
    show(
      { name: "developer", verbs: ["get", "delete"], ttl: "12h" },
      { name: "developer", verbs: ["get"], ttl: "8h" },
    ),
  ).toEqual([
    "1 1  name: developer",
    "2 2  verbs:",
    "3 3    - get",
    "4 . -  - delete",
    "5 . -ttl: 12h",
    ". 4 +ttl: 8h",
  ]);
  expect(show({ a: "one two" }, { a: "one three" })).toEqual(["1 . -a: one [two]", ". 1 +a: one [three]"]);
});

it("shows a created object as additions and a deleted one as removals", () => {
  expect(show(null, { a: 1, b: 2 })).toEqual([". 1 +a: 1", ". 2 +b: 2"]);
  expect(show({ a: 1 }, null)).toEqual(["1 . -a: 1"]);
  expect(diffObjects({ a: 1 }, { a: 1 })).toMatchObject({ added: 0, removed: 0 });
});
