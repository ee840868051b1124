import { expect, test } from "vitest";
import { soughtText } from "./sought-text.ts";

test.each([
  ["", null],
  ["kind = exec", null],
  ['output : "BEGIN RSA"', "BEGIN RSA"],
  ['kind = exec AND (command : "rm -rf" OR output : "removed")', "rm -rf"],
  ['NOT command : "rm -rf"', null],
  ['NOT command : "rm -rf" AND output : "removed"', "removed"],
  ["output : ", null],
])("%s looks for %s", (filter, text) => {
  expect(soughtText(filter)).toBe(text);
});
