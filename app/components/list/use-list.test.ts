import { expect, test } from "vitest";
import { matches } from "./use-list.ts";

const found = (search: string, ...texts: string[]) => texts.filter(matches(search, (text: string) => text));

test("every word is looked for, in any order and case", () => {
  expect(found("PAY dev", "developer to payments", "developer to checkout")).toEqual([
    "developer to payments",
  ]);
  expect(found("  ", "a", "b")).toEqual(["a", "b"]);
  expect(found("zzz", "a")).toEqual([]);
});
