import { expect, test } from "vitest";
import { isTrueParameter } from "./boolean-parameter.ts";

// As kube-apiserver 1.36 answered `?watch=...`.
test.each([
  ["stdout=true", true],
  ["stdout=True", true],
  ["stdout=1", true],
  ["stdout", true],
  ["stdout=", true],
  ["stdout=no", true],
  ["stdout=true&stdout=false", true],
  ["stdout=false", false],
  ["stdout=False", false],
  ["stdout=0", false],
  ["stdout=false&stdout=true", false],
  ["Stdout=true", false],
  ["", false],
])("%j is %s", (query, expected) => {
  expect(isTrueParameter(new URLSearchParams(query), "stdout")).toBe(expected);
});
