import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import type { Cut } from "../../access/policy/mentions.ts";
import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import type { Gateway } from "../call/gateway.ts";

/**
 * Decides a question in which `*` stands for every verb, group or resource: no, where something that is asked for with it would be refused. A
 * deny rule or an exception that names one resource does not match the star itself.
 */
export function decideWhole(gateway: Pick<Gateway, "decide" | "mentions">, input: DecisionInput): Decision {
  const decision = gateway.decide(input);
  const { attributes, actor, cluster } = input;
  const { verb, apiGroup, resource, isResourceRequest } = attributes;
  if (!decision.allowed || !isResourceRequest || ![verb, apiGroup, resource].includes("*")) return decision;
  for (const cut of gateway.mentions({ actor, cluster }).cuts) {
    const part = partOf(attributes, cut);
    const decided = part && gateway.decide({ ...input, attributes: part });
    if (decided && !decided.allowed) return { allowed: false, reason: `not all of it: ${decided.reason}` };
  }
  return decision;
}

/** What of the question the cut is about; null where it is about something else. */
function partOf(asked: RequestAttributes, cut: Cut): RequestAttributes | null {
  const [resource = "", subresource = ""] = cut.resource.split("/", 2);
  const isWithin = (own: string, other: string) => own === "*" || other === "*" || own === other;
  if (!isWithin(asked.verb, cut.verb) || !isWithin(asked.apiGroup, cut.apiGroup)) return null;
  if (!isWithin(asked.resource, resource)) return null;
  return {
    ...asked,
    verb: asked.verb === "*" ? cut.verb : asked.verb,
    apiGroup: asked.apiGroup === "*" ? cut.apiGroup : asked.apiGroup,
    ...(asked.resource === "*" ? { resource, subresource } : {}),
  };
}
