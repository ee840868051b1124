import { findNamespaceLabels } from "./labels/namespace-labels.ts";
import type { Decision, DecisionInput } from "./policy/decision.ts";
import { evaluateDecision } from "./policy/evaluate.ts";
import { joinMentions, type Mentions } from "./policy/mentions.ts";
import { currentDecisionTable } from "./table/current.ts";

/**
 * Whether the actor may make this call: nothing is allowed that no grant allows, and a deny rule wins over every allow.
 * Asks no database: the table is in memory, refreshed by NOTIFY and a poll (table/current.ts), and so are the labels of namespaces.
 */
export function decide(input: DecisionInput): Decision {
  const table = currentDecisionTable();
  return evaluateDecision(
    table,
    table.asksNamespaceLabels(input.cluster.id) ? withNamespaceLabels(input) : input,
  );
}

function withNamespaceLabels(input: DecisionInput): DecisionInput {
  const {
    actor,
    cluster,
    attributes,
    namespaceLabels,
    nodeLabels,
    circumstances,
    impersonation,
    onlyGrantId,
  } = input;
  if (namespaceLabels !== undefined || attributes.namespace === "") return input;
  return {
    actor,
    cluster,
    attributes,
    namespaceLabels: findNamespaceLabels(cluster.id, attributes.namespace),
    nodeLabels,
    circumstances,
    impersonation,
    onlyGrantId,
  };
}

export interface MentionedTo extends Mentions {
  /** One of their grants is for a node pool: what it allows depends on the node. */
  asksNodes: boolean;
}

/** What the rules of the actor's roles in a cluster name: which questions are worth asking where all that is allowed is to be listed. */
export function mentionedTo({ actor, cluster }: Pick<DecisionInput, "actor" | "cluster">): MentionedTo {
  const grants = currentDecisionTable()
    .grantsOf(actor)
    .filter(({ scope }) => scope.reaches(cluster.id));
  return {
    ...joinMentions(grants.map(({ role }) => role.mentions)),
    asksNodes: grants.some(({ scope }) => scope.kind === "nodePool"),
  };
}
