import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import type { RecordingPolicy } from "../../access/policy/schema.ts";
import { allow } from "./test-gateway.ts";

/** The decision of a role that allows everything, and says this of its sessions' recordings. */
export function recordSessions(
  record: RecordingPolicy,
  { recordInput = false } = {},
): (input: DecisionInput) => Decision {
  return (input) => {
    const decision = allow(input);
    return decision.allowed ? { ...decision, recording: { record, recordInput } } : decision;
  };
}
