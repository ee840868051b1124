import { validate, version } from "uuid";
import { expect, test } from "vitest";
import { newCallId } from "./call-id.ts";

test("ids are different, well-formed, and sort by the millisecond", async () => {
  const before = Array.from({ length: 5000 }, newCallId);
  const started = Date.now();
  while (Date.now() === started) await new Promise(setImmediate);
  const after = newCallId();
  expect(new Set(before).size).toBe(5000);
  expect(before.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(before.every((id) => id < after)).toBe(true);
});
