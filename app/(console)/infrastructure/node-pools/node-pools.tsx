"use client";

import { z } from "zod";
import { NodePoolView } from "../../../../lib/access/node-pools/schema.ts";
import { MembersDialog } from "../../../components/scopes/members-dialog.tsx";
import { memberLine } from "../../../components/scopes/members-shown.tsx";
import { ScopeList, scopeColumns } from "../../../components/scopes/scope-list.tsx";
import { NODE_POOL_FIELDS } from "./member-fields.ts";
import { NodePoolDrawer } from "./node-pool-drawer.tsx";

const ENDPOINT = "/api/v1/node-pools";
const NodePoolList = z.object({ nodePools: z.array(NodePoolView) }).transform(({ nodePools }) => nodePools);

const membersText = ({ members }: NodePoolView) =>
  members.map((member) => memberLine(member, NODE_POOL_FIELDS)).join("; ");
const searchedText = (nodePool: NodePoolView) =>
  `${nodePool.name} ${nodePool.description} ${membersText(nodePool)}`;

const COLUMNS = scopeColumns<NodePoolView>([
  {
    id: "members",
    label: "Clusters and nodes",
    width: 220,
    flexible: true,
    title: membersText,
    cell: (nodePool) => <span className="identifier">{membersText(nodePool)}</span>,
  },
]);

/** Named sets of nodes of clusters. */
export function NodePools() {
  return (
    <ScopeList
      title="Node pools"
      noun={{ one: "node pool", many: "node pools" }}
      endpoint={ENDPOINT}
      schema={NodePoolList}
      searchLabel="Name, cluster or label"
      columns={COLUMNS}
      contentsOf={membersText}
      textOf={searchedText}
      empty="A node pool is a named set of nodes, chosen by their labels. A grant on it covers its nodes and the pods on them."
      drawer={({ scope, ...shown }) => <NodePoolDrawer nodePool={scope} {...shown} />}
      dialog={(asked) => (
        <MembersDialog
          key={asked.scope?.id ?? "new"}
          {...asked}
          noun="node pool"
          endpoint={ENDPOINT}
          hint="Grants use it."
          fields={NODE_POOL_FIELDS}
          membersNoun="Nodes"
          membersHint="Clusters by name, pattern or label; nodes by labels as key=value, which must all hold."
        />
      )}
    />
  );
}
