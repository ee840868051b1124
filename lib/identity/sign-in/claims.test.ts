import { expect, test } from "vitest";
import { readIdentity } from "./claims.ts";

const CLAIMS = { sub: "1", email: "eve@acme.example" };

test.each([
  [" Eve Adams ", "Eve Adams"],
  ["Eve\u202emadA\u202c\u200f", "EvemadA"],
  ["Eve\u0007\u0085 Adams", "Eve Adams"],
  ["\u202e", "eve@acme.example"],
])("the name %j is kept as %j", (name, kept) => {
  expect(readIdentity({ ...CLAIMS, name }, "groups").name).toBe(kept);
});
