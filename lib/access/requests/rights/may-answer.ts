import { HELD } from "./holds-role.ts";
import type { RequestRules } from "./request-rules.ts";

/** The values of `HOLDS_APPROVER` behind those of `HELD`: which role is answered for by whoever holds which. */
export function approverValues(rules: readonly RequestRules[]): [roleIds: string[], approvers: string[]] {
  const pairs = rules.flatMap(({ roleId, approverRoles }) =>
    approverRoles.map((name) => [roleId, name] as const),
  );
  return [pairs.map(([roleId]) => roleId), pairs.map(([, name]) => name)];
}

/**
 * Whether the actor holds, where the request (ar) is for, a role that answers for the role asked for: $1 to $4 are `heldValues`, $5 and $6
 * `approverValues`.
 */
export const HOLDS_APPROVER = `(exists (select 1 ${HELD}
    and (ar.role_id, hr.name) in (select * from unnest($5::uuid[], $6::text[]))
    and (h.cluster_id is null or h.cluster_id = ar.cluster_id or h.project_id = ar.project_id)
    and (cardinality(h.namespaces) = 0 or (cardinality(ar.namespaces) > 0 and ar.namespaces <@ h.namespaces))))`;
