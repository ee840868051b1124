import { expect, it } from "vitest";
import { isReleased } from "./stage-release.ts";

it.each([
  ["lib/gateway/handler.ts", true],
  ["scripts/serve.ts", true],
  [".next/BUILD_ID", true],
  [".next/.sources", true],
  [".next/node_modules/pg", true],
  ["lib/gateway/security.test.ts", false],
  ["lib/wire/fixtures", false],
  [".next/cache", false],
  [".next/trace", false],
])("%s: part of a release is %s", (file, expected) => {
  expect(isReleased(file)).toBe(expected);
});
