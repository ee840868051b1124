import { expect, test } from "vitest";
import { pathAt } from "./path-at.ts";

const HEAD = ["metadata:", "  name: ops", "spec:", "  rules:", "    - effect: allow", "      verbs: [get]"];

test.each<[string, string[], object]>([
  ["the root", ["me"], { keys: [], writes: "key", typed: "me" }],
  ["a value", ["kind: Ro"], { keys: ["kind"], writes: "value", typed: "Ro" }],
  ["a key below a key", ["metadata:", "  na"], { keys: ["metadata"], writes: "key", typed: "na" }],
  ["a key of an item", [...HEAD, "      res"], { keys: ["spec", "rules"], writes: "key", typed: "res" }],
  [
    "the first key of another item",
    [...HEAD, "    - "],
    { keys: ["spec", "rules"], writes: "key", typed: "" },
  ],
  ["a dash alone", [...HEAD, "    -"], { keys: ["spec", "rules"], writes: "key", typed: "" }],
  [
    "a list at its key's own indentation",
    ["spec:", "  rules:", "  - effect: allow", "    when:", "      wee"],
    { keys: ["spec", "rules", "when"], writes: "key", typed: "wee" },
  ],
  [
    "an item of plain values",
    [...HEAD, "      resources:", "        - pods", "        - po"],
    { keys: ["spec", "rules", "resources"], writes: "key", typed: "po" },
  ],
  ["behind an item", [...HEAD, "  kube"], { keys: ["spec"], writes: "key", typed: "kube" }],
  [
    "past comments and blank lines",
    ["spec:", "  # what", "", "  ru"],
    { keys: ["spec"], writes: "key", typed: "ru" },
  ],
])("%s", (_where, lines, path) => {
  expect(pathAt(lines)).toEqual(path);
});
