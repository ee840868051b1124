import { expect, test } from "vitest";
import { showValue } from "./shown-value.ts";

test.each<[unknown, string]>([
  ["alice", '"alice"'],
  [["a", 1], '["a",1]'],
  [undefined, "nothing"],
  ["https://user:s3cret@10.0.0.1", '"https://…@10.0.0.1"'],
  ["a\u202egnp", String.raw`"a\u202egnp"`],
  ["a\u0085b\u2028c", String.raw`"a\u0085b\u2028c"`],
])("%j is repeated as %s", (value, shown) => {
  expect(showValue(value)).toBe(shown);
});

test("a long value is cut", () => {
  expect(showValue("N".repeat(300))).toHaveLength(120);
});
