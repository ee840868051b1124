"use client";

import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { NodePoolView } from "../../../../lib/access/node-pools/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { DeleteScopeDialog } from "../../../components/scopes/delete-scope-dialog.tsx";
import { memberLine } from "../../../components/scopes/members-shown.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { NODE_POOL_FIELDS } from "./member-fields.ts";
import { NodePoolDialog } from "./node-pool-dialog.tsx";
import { NodePoolDrawer } from "./node-pool-drawer.tsx";

const NodePoolList = z.object({ nodePools: z.array(NodePoolView) });

const membersText = ({ members }: NodePoolView) =>
  members.map((member) => memberLine(member, NODE_POOL_FIELDS)).join("; ");

const COLUMNS: readonly ListColumn<NodePoolView>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 160,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "members",
    label: "Clusters and nodes",
    width: 220,
    flexible: true,
    title: membersText,
    cell: (nodePool) => <span className="identifier">{membersText(nodePool)}</span>,
  },
  {
    id: "grants",
    label: "Grants",
    sortBy: ({ grants }) => grants,
    width: 70,
    align: "end",
    cell: ({ grants }) => grants,
  },
  {
    id: "updated",
    label: "Changed",
    sortBy: ({ updatedAt }) => updatedAt,
    width: 110,
    from: 900,
    cell: ({ updatedAt }) => <When time={updatedAt} absent="" />,
  },
];

/** Named sets of nodes of clusters. */
export function NodePools() {
  const model = useList({
    endpoint: "/api/v1/node-pools?limit=1000",
    schema: NodePoolList,
    rowsOf: nodePoolsOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("projects:write");
  const [form, setForm] = useState<{ nodePool: NodePoolView | null } | null>(null);
  const [deleting, setDeleting] = useState<NodePoolView | null>(null);
  const actionsOf = (nodePool: NodePoolView): RowAction[] => [
    { label: "Edit", icon: Pencil, run: () => setForm({ nodePool }) },
    { label: "Delete", icon: Trash2, danger: true, run: () => setDeleting(nodePool) },
  ];
  const add = mayWrite ? (
    <Button look="primary" onClick={() => setForm({ nodePool: null })}>
      <Plus aria-hidden className="text-accent-fg!" />
      Add node pool
    </Button>
  ) : null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title="Node pools"
        noun={{ one: "node pool", many: "node pools" }}
        searchLabel="Name, cluster or label"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(nodePool) => ({ first: nodePool.name, second: membersText(nodePool) })}
        actions={add}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No node pools yet",
          text: "A node pool is a named set of nodes, chosen by their labels. A grant on it covers its nodes and the pods on them.",
          action: add,
        }}
        drawer={
          model.opened ? (
            <NodePoolDrawer
              nodePool={model.opened}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      {form ? (
        <NodePoolDialog
          key={form.nodePool?.id ?? "new"}
          nodePool={form.nodePool}
          onClose={() => setForm(null)}
          onDone={model.refresh}
        />
      ) : null}
      <DeleteScopeDialog
        scope={deleting}
        noun="node pool"
        endpoint="/api/v1/node-pools"
        onClose={() => setDeleting(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const nodePoolsOf = (answer: z.infer<typeof NodePoolList>) => answer.nodePools;
const idOf = ({ id }: NodePoolView) => id;
const textOf = (nodePool: NodePoolView) =>
  `${nodePool.name} ${nodePool.description} ${membersText(nodePool)}`;
