"use client";

import type { NodePoolView } from "../../../../lib/access/node-pools/schema.ts";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import type { RowAction } from "../../../components/list/list-column.ts";
import { MembersShown } from "../../../components/scopes/members-shown.tsx";
import { ResolvedMembers } from "../../../components/scopes/resolved-members.tsx";
import { ScopeDrawer } from "../../../components/scopes/scope-drawer.tsx";
import { NODE_POOL_FIELDS } from "./member-fields.ts";

/** One node pool: its nodes as written and as of today, and its grants. */
export function NodePoolDrawer({
  nodePool,
  onClose,
  actions,
}: {
  nodePool: NodePoolView;
  onClose: () => void;
  actions: readonly RowAction[];
}) {
  return (
    <ScopeDrawer
      kind="Node pool"
      scope={nodePool}
      callsHref={requestAuditHref({ field: "nodePool", value: nodePool.name })}
      isNamedBy={(grant) => grant.nodePool?.id === nodePool.id}
      onClose={onClose}
      actions={actions}
    >
      <MembersShown members={nodePool.members} fields={NODE_POOL_FIELDS} />
      <ResolvedMembers
        key={nodePool.updatedAt}
        endpoint={`/api/v1/node-pools/${nodePool.id}/members`}
        noun={{ many: "nodes" }}
      />
    </ScopeDrawer>
  );
}
