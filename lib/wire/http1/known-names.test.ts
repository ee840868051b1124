import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { KnownNames } from "./known-names.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function lookedAt() {
  const looked: string[] = [];
  const names = new KnownNames((name) => {
    looked.push(name);
    return name.toLowerCase();
  });
  return { looked, names };
}

test("a name is looked at once", () => {
  const { looked, names } = lookedAt();
  expect([names.of("Accept"), names.of("Accept"), names.of("accept")]).toEqual([
    "accept",
    "accept",
    "accept",
  ]);
  expect(looked).toEqual(["Accept", "accept"]);
});

test("whatever comes, few names are kept, and only short ones", () => {
  const { looked, names } = lookedAt();
  const long = "x".repeat(65);
  for (let count = 0; count < 2; count++) names.of(long);
  expect(looked).toEqual([long, long]);
  for (let index = 0; index < 2_000; index++) names.of(`x-${index}`);
  for (let index = 0; index < 2_000; index++) names.of(`x-${index}`);
  expect(looked).toHaveLength(2 + 2_000 + 1_000);
});

test("of the head that a name is a piece of nothing is kept", () => {
  const names = new KnownNames((name) => name.toLowerCase());
  const head = (index: number) =>
    Buffer.from(`x-header-of-number-${index}:${"x".repeat(64_000)}`).toString("latin1");
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 500; index++) {
    const text = head(index);
    names.of(text.slice(0, text.indexOf(":")));
  }
  collect();
  // All heads together have 32 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 2 ** 20);
  expect(names.of("x-header-of-number-7")).toBe("x-header-of-number-7");
});
