import { expect, test } from "vitest";
import { pathHere } from "./return-path.ts";

const CONSOLE = "https://console.example";

test.each([
  ["", "/"],
  ["/audit?filter=a#row", "/audit?filter=a#row"],
  [`${CONSOLE}/audit`, "/audit"],
  ["https://evil.example/audit", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/.//evil.example", "/"],
  ["/a/..//evil.example", "/"],
  [`${CONSOLE}//evil.example`, "/"],
  ["javascript:alert(1)", "/"],
])("%s leads to %s of this console", (given, path) => {
  const led = pathHere(given, CONSOLE);
  expect(led).toBe(path);
  expect(new URL(led, CONSOLE).origin).toBe(CONSOLE);
});
