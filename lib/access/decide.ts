import type { Decision, DecisionInput } from "./policy/decision.ts";
import { evaluateDecision } from "./policy/evaluate.ts";
import { currentDecisionTable } from "./table/current.ts";

/**
 * Whether the actor may make this call: nothing is allowed that no grant allows, and a deny rule wins over every allow.
 * Asks no database: the table is in memory, refreshed by NOTIFY and a poll (table/current.ts).
 */
export function decide(input: DecisionInput): Decision {
  return evaluateDecision(currentDecisionTable(), input);
}
