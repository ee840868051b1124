import { expect, test } from "vitest";
import { begunCompletion, completeFilter } from "./complete.ts";
import type { FieldSet } from "./fields.ts";

const fields: FieldSet = {
  surface: "test",
  fields: [
    { name: "verb", label: "Verb", type: "enum", values: ["get", "delete"], closed: true, description: "" },
  ],
};

test.each([
  ["", null],
  ["ve", "verb"],
  ["verb", null],
  ["verb ", null],
  ["verb = de", "delete"],
  ["verb = delete ", null],
  ["erb", null],
])("Tab completes what %j begins: %s", (text, label) => {
  const completions = completeFilter(text, text.length, fields);
  const index = begunCompletion(completions);
  expect(index === null ? null : completions.options[index]?.label).toBe(label);
});
