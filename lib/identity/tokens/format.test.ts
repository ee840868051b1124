import { expect, test } from "vitest";
import { createCredential, hashCredential, isWellFormed } from "./format.ts";

test("makes credentials with a prefix of their kind, 256 random bits and a checksum", () => {
  const token = createCredential("token");
  expect(token).toMatch(/^kw_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/);
  expect(createCredential("applicationSecret")).toMatch(/^kws_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/);
  expect(createCredential("token")).not.toBe(token);
  expect(hashCredential(token)).toHaveLength(32);
});

test("knows its own from look-alikes", () => {
  const token = createCredential("token");
  expect(isWellFormed("token", token)).toBe(true);
  expect(isWellFormed("applicationSecret", token)).toBe(false);
  const last = token.at(-1) === "0" ? "1" : "0";
  for (const wrong of [
    "",
    "kw_",
    token.slice(0, -1),
    `${token}0`,
    token.slice(0, -1) + last,
    ` ${token}`,
    `${token}\n`,
  ]) {
    expect(isWellFormed("token", wrong)).toBe(false);
  }
});
