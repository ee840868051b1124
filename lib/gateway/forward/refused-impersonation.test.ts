import { expect, test } from "vitest";
import type { ForwardableCall } from "../call/call.ts";
import { explainRefusedImpersonation } from "./refused-impersonation.ts";

const CALL = { impersonation: null, permit: { role: "developer" } } as Pick<
  ForwardableCall,
  "impersonation" | "permit"
>;
const explain = (message: string) => explainRefusedImpersonation(message, CALL)?.message ?? null;

test.each([
  ["groups", "ops", 'the group "ops"'],
  ["users", "bob@example.com", 'the user "bob@example.com"'],
  ["userextras/scopes.authentication.k8s.io", "view", 'userextras/scopes.authentication.k8s.io "view"'],
])("of %s the refusal says which", (kind, name, told) => {
  const said = `${kind} "${name}" is forbidden: User "system:serviceaccount:a:b" cannot impersonate resource "${kind}" in API group "" at the cluster scope`;
  expect(explain(said)).toContain(`does not let the gateway act as ${told}.`);
  expect(explain(`pods "a" is forbidden: User "bob" cannot list resource "pods"`)).toBeNull();
});

test("a message without end, made to be searched for long, takes no time", () => {
  const begun = process.cpuUsage();
  for (const message of [`userextras${"x".repeat(16_000)}`, `users "${'" is forbidden: User "'.repeat(700)}`])
    expect(explain(message)).toBeNull();
  expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(500);
});
