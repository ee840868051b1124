import { expect, test } from "vitest";
import { suggestOnce } from "./suggest-once.ts";

test("a name that several identity providers have is suggested once, and says so", () => {
  const payments = { value: "payments", note: "4 members" };
  const night = { value: "night", note: "1 member" };
  const elsewhere = { value: "payments", note: "2 members" };
  expect(suggestOnce([payments, night])).toEqual([payments, night]);
  expect(suggestOnce([payments, night, elsewhere])).toEqual([
    { value: "payments", note: "of several identity providers" },
    night,
  ]);
});
