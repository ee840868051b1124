import { expect, it } from "vitest";
import { ConcurrencyLimit } from "./concurrency-limit.ts";

it("gives so many places a key, and each back once", () => {
  const limit = new ConcurrencyLimit(2);
  const first = limit.take("a");
  expect(limit.take("a")).not.toBeNull();
  expect(limit.take("a")).toBeNull();
  expect(limit.take("b")).not.toBeNull();
  first?.();
  first?.();
  expect(limit.take("a")).not.toBeNull();
  expect(limit.take("a")).toBeNull();
});
