import { expect, test } from "vitest";
import { verbRisk } from "./verb-risk.ts";

test.each([
  ["get", "pods", "read"],
  ["watch", "pods", "read"],
  ["patch", "deployments", "write"],
  ["deletecollection", "pods", "delete"],
  ["create", "pods/exec", "connect"],
  ["get", "pods/portforward", "connect"],
  ["get", "pods/log", "read"],
  ["post", null, "write"],
] as const)("%s %s is %s", (verb, resource, risk) => {
  expect(verbRisk(verb, resource)).toBe(risk);
});
