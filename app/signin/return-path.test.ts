import { expect, test } from "vitest";
import { returnPath } from "./return-path.ts";

test.each([
  [undefined, "/"],
  ["/audit/kubernetes/request-audit?filter=a", "/audit/kubernetes/request-audit?filter=a"],
  ["https://evil.example/audit", "/audit"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/signin?callbackUrl=/signin", "/"],
])("%s leads to %s", (given, path) => {
  expect(returnPath(given)).toBe(path);
});
