import { compileDecisionTable } from "../../access/policy/compile.ts";
import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import { evaluateDecision } from "../../access/policy/evaluate.ts";
import { DEFAULT_RECORDING } from "../../access/policy/schema.ts";
import { BUILT_IN_ROLES, type BuiltInRole } from "../../access/roles/built-in.ts";
import { ALICE, GRANT_ID } from "./test-gateway.ts";

/** The house's own decision for a caller who has one built-in role everywhere. */
export function decideAs(
  roleName: "cluster-admin" | "developer" | "read-only",
): (input: DecisionInput) => Decision {
  const role = BUILT_IN_ROLES.find(({ name }) => name === roleName);
  if (role === undefined) throw new Error(`no role ${roleName}`);
  return decideByRole(role);
}

/** The same for a role of the test's own. */
export function decideByRole(role: Omit<BuiltInRole, "description">): (input: DecisionInput) => Decision {
  const id = "55555555-5555-4555-8555-555555555555";
  const subject = { subjectKind: "user", subject: ALICE.id } as const;
  const scope = { clusterId: null, namespaces: [], expiresAt: null };
  const table = compileDecisionTable([
    { grantId: GRANT_ID, ...subject, ...scope, role: { id, recording: DEFAULT_RECORDING, ...role } },
  ]);
  return (input) => evaluateDecision(table, input);
}
