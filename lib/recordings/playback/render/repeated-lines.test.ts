import { expect, test } from "vitest";
import { RepeatedLines } from "./repeated-lines.ts";

test.each([
  ["short", 10, true],
  ["as long as a screen", 500_000, false],
])("many lines that are %s take bounded memory", (_, length, isRemembered) => {
  const repeated = new RepeatedLines();
  const line = (index: number) => String(index).padEnd(length, "x");
  for (let index = 0; index < 100; index += 1) expect(repeated.isNew(line(index), 0)).toBe(true);
  expect(repeated.isNew(line(99), 1)).toBe(false);
  expect(repeated.isNew(line(0), 1)).toBe(!isRemembered);
});
