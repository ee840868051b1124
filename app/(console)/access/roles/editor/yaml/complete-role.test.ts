import { expect, test } from "vitest";
import { optionsAt } from "./complete-role.ts";

const labels = (keys: string[], writes: "key" | "value") =>
  optionsAt({ keys, writes, typed: "" }).map(({ label }) => label);

test.each<[string[], "key" | "value", string[]]>([
  [[], "key", ["apiVersion", "kind", "metadata", "spec"]],
  [["kind"], "value", ["Role"]],
  [["spec", "rules"], "key", ["effect", "verbs", "when"]],
  [["spec", "rules", "effect"], "value", ["allow", "deny"]],
  [["spec", "rules", "when"], "key", ["networks", "hours", "expression"]],
  [["spec", "rules", "when", "weekdays"], "key", ["mon", "sun"]],
  [["spec", "rules", "verbs"], "value", ["get", "deletecollection", "*"]],
  [["spec", "recording", "mode"], "value", ["required", "best_effort", "off"]],
  [["spec", "recording", "input"], "value", ["true", "false"]],
  [["metadata", "name"], "value", []],
  [["nothing", "here"], "key", []],
])("%j as a %s", (keys, writes, expected) => {
  const got = labels(keys, writes);
  if (expected.length === 0) expect(got).toEqual([]);
  else expect(got).toEqual(expect.arrayContaining(expected));
});

test("keys come with what they mean", () => {
  const [effect] = optionsAt({ keys: ["spec", "rules"], writes: "key", typed: "" });
  expect(effect).toMatchObject({
    label: "effect",
    info: expect.stringMatching(/deny rule/),
    apply: "effect: ",
  });
});
