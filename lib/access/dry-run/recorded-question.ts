import type { Actor } from "../../context.ts";
import type { DecisionInput } from "../policy/decision.ts";
import type { RequestAttributes } from "../policy/request-attributes.ts";
import { sessionKindAskedFor } from "../policy/session-kind.ts";
import type { RecordedCall } from "./read-calls.ts";

/** What was decided of a recorded call, asked again: everything but when a second factor had been shown, which no row has. */
export function questionOfCall(
  call: RecordedCall,
  { actor, cluster }: Pick<DecisionInput, "cluster"> & { actor: Actor },
): DecisionInput {
  const attributes = attributesOfCall(call);
  const { impersonatedUser, impersonatedGroups, clientAddress, accessMethod } = call;
  return {
    actor,
    cluster,
    attributes,
    circumstances: {
      time: call.executedAt.getTime(),
      clientAddress,
      accessMethod,
      sessionKind: sessionKindAskedFor(attributes),
      secondFactorAt: null,
    },
    impersonation: impersonatedUser === null ? null : { user: impersonatedUser, groups: impersonatedGroups },
  };
}

function attributesOfCall(call: RecordedCall): RequestAttributes {
  const { verb, apiGroup, namespace } = call;
  if (call.resource.startsWith("/")) {
    const nothing = { apiGroup: "", namespace: "", resource: "", subresource: "", name: "" };
    return { isResourceRequest: false, path: call.resource, verb, ...nothing };
  }
  const [resource = "", ...rest] = call.resource.split("/");
  const subresource = rest.join("/");
  // The name of what is created is told by its body, which is not asked of policies.
  const name = verb === "create" && subresource === "" ? "" : call.name;
  return { isResourceRequest: true, path: "", verb, apiGroup, namespace, resource, subresource, name };
}

/** Whether the record says what policies decided: allowed, or refused by the gateway. */
export function recordedDecision({ role, httpStatus }: RecordedCall): "allowed" | "refused" | null {
  if (role !== null) return "allowed";
  return httpStatus === 403 ? "refused" : null;
}
