import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { isOlder, VERSION } from "./version.ts";

it("is the package's", () => {
  const file = path.resolve(import.meta.dirname, "../package.json");
  expect(JSON.parse(readFileSync(file, "utf8")).version).toBe(VERSION);
});

it("compares by numbers, and says of what is no version that it is not older", () => {
  expect(isOlder("0.9.9", "0.10.0")).toBe(true);
  expect(isOlder("v1.2.3-rc.1", "1.2.4")).toBe(true);
  expect(isOlder("1.2.3", "1.2.3")).toBe(false);
  expect(isOlder("2.0.0", "1.9.9")).toBe(false);
  expect(isOlder("development", "1.0.0")).toBe(false);
});
