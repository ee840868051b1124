import { expect, test } from "vitest";
import { readGroups } from "./group-claim.ts";

test.each([
  [undefined, []],
  [null, []],
  [[], []],
  ["admins", ["admins"]],
  [
    ["admins", "b", "admins"],
    ["admins", "b"],
  ],
])("%j names the groups %j", (claim, names) => {
  expect(readGroups(claim)).toEqual({ names, leftOut: null });
});

test.each([
  ["x".repeat(300), "a name of 300 characters"],
  ["  ", "a blank name"],
  ["admins\u202e", "a name with characters that cannot be seen"],
  ["admins\0", "a name with characters that cannot be seen"],
  [null, "null"],
  [{ id: "s3cret" }, "a value of type object"],
])("%j is left out, said so without repeating it, and the others count", (group, says) => {
  const { names, leftOut } = readGroups(["payments", group]);
  expect(names).toEqual(["payments"]);
  expect(leftOut).toContain(`got ${says};`);
  expect(leftOut).not.toMatch(/xxx|s3cret/);
});

test("what is left out is told in a few words, however much it is", () => {
  const { names, leftOut } = readGroups(
    Array.from({ length: 30_000 }, (_, index) => (index % 2 ? `g${index}` : " ")),
  );
  expect(names).toHaveLength(10_000);
  expect(leftOut?.length).toBeLessThan(300);
});
