import { expect, test } from "vitest";
import { EXPIRIES, expiryText } from "./expiry.ts";

const until = { day: "2026-12-31", clock: "18:00" };
const now = Date.parse("2026-11-20T12:00:00Z");

test("every choice is a time to come, or none", () => {
  for (const { value } of EXPIRIES) {
    const text = expiryText(value, until, now, "Europe/Berlin");
    if (value === "never") expect(text).toBeNull();
    else expect(Date.parse(text ?? "")).toBeGreaterThan(now);
  }
});

test("a day is read on the clocks of the viewer's zone", () => {
  expect(expiryText("at", until, now, "Europe/Berlin")).toBe("2026-12-31T17:00:00.000Z");
});

test("a day that is not written is nothing", () => {
  expect(expiryText("at", { day: " ", clock: "18:00" }, now, "UTC")).toBe("");
});

test("what is no time is passed on for the API to refuse", () => {
  expect(expiryText("at", { day: "31.12.", clock: "18:00" }, now, "UTC")).toBe("31.12. 18:00");
});
