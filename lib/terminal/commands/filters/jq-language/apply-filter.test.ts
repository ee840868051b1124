import { expect, test } from "vitest";
import { LineRefusal } from "../../../line/line-refusal.ts";
import { applyFilter } from "./apply-filter.ts";
import { readFilter } from "./read-filter.ts";

const PODS = {
  items: [
    { metadata: { name: "web-0", labels: { "app.kubernetes.io/name": "web" } }, spec: { n: 2 } },
    { metadata: { name: "db-0" }, spec: { n: 1 } },
  ],
};
const apply = (filter: string, value: unknown = PODS) => [...applyFilter(readFilter(filter), value as never)];

// What jq 1.7 answers.
test.each([
  [".items[].metadata.name", ["web-0", "db-0"]],
  [".items | length", [2]],
  ["[.items[].spec.n]", [[2, 1]]],
  ['.items[0].metadata.labels["app.kubernetes.io/name"]', ["web"]],
  ['.items[0].metadata.labels."app.kubernetes.io/name"', ["web"]],
  [".items[-1].metadata.name", ["db-0"]],
  [".items[1].metadata.labels.x", [null]],
  [".items[] | select(.spec.n > 1) | .metadata.name", ["web-0"]],
  ['.items[] | select(.spec.n == 1 and (.metadata.name | startswith("db"))) | .metadata.name', ["db-0"]],
  [".items | map(.spec.n) | add", [3]],
  ['.items | sort_by(.spec.n) | map(.metadata.name) | join(",")', ["db-0,web-0"]],
  [
    ".items[] | {name: .metadata.name, n: .spec.n}",
    [
      { name: "web-0", n: 2 },
      { name: "db-0", n: 1 },
    ],
  ],
  [".items[0] | .metadata.name, .spec.n", ["web-0", 2]],
  [".items[0].metadata | {name}", [{ name: "web-0" }]],
  ['.items[1].metadata.labels // "none"', ["none"]],
  [".items[0].metadata | keys", [["labels", "name"]]],
  ['.items[].metadata.name | test("^web")', [true, false]],
  [".items[0:1] | length", [1]],
  [".items[0].metadata.name[0:3]", ["web"]],
  ['.items[].spec.n | tostring + "x"', ["2x", "1x"]],
  [".items[0].metadata.name.x?", []],
  ["(.items | length) == 2", [true]],
])("%s", (filter, expected) => {
  expect(apply(filter)).toEqual(expected);
});

test.each([
  [".items[", "jq does not understand its end"],
  [".a |", "jq does not understand its end"],
  ['system("id")', "jq has no system here"],
  ["$__loc__", "jq does not understand"],
  ["input", "jq has no input here"],
  ["env", "jq has no env here"],
  ["(".repeat(80), "levels at most"],
])("refuses %s", (filter, words) => {
  expect(() => readFilter(filter)).toThrow(LineRefusal);
  expect(() => readFilter(filter)).toThrow(words);
});

test("says what a value cannot do", () => {
  expect(() => apply(".items.x")).toThrow("array cannot be asked for");
  expect(() => apply(".[] | .[]", { a: 1 })).toThrow("cannot be gone through");
  expect(apply(".__proto__, .constructor", {})).toEqual([null, null]);
});
