import { expect, test } from "vitest";
import { editDistance } from "./suggest.ts";

test.each([
  ["", "", 0],
  ["verb", "verb", 0],
  ["", "verb", 4],
  ["verb", "", 4],
  ["vreb", "verb", 1],
  ["ODIC_ISSUER", "OIDC_ISSUER", 1],
  ["kitten", "sitting", 3],
  ["delte", "delete", 1],
  // Each place is edited once: a swap is not taken apart again.
  ["ca", "abc", 3],
])("%j and %j are %i slips apart", (a, b, slips) => {
  expect(editDistance(a, b)).toBe(slips);
  expect(editDistance(b, a)).toBe(slips);
});
