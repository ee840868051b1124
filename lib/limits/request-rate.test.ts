import { expect, test, vi } from "vitest";
import { RequestRate } from "./request-rate.ts";

test("so many of a key are taken in a window; the next begins when it is over, and another key has its own", async () => {
  const rate = new RequestRate({ most: 2, windowMs: 1_000 });
  expect([rate.take("a"), rate.take("a"), rate.take("a")]).toEqual([null, null, 1]);
  expect(rate.take("b")).toBeNull();
  await vi.waitFor(() => expect(rate.take("a")).toBeNull(), { timeout: 15_000 });
});
