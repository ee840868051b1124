"use client";

import { FileInput, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { ClusterWithHealth } from "../../../../lib/clusters/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { ListColumn, RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { useList } from "../../../components/list/use-list.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { ClusterDialog } from "./cluster-dialog.tsx";
import { ClusterDrawer } from "./cluster-drawer.tsx";
import { isProvedByAgent } from "./connection-fields.tsx";
import { CREDENTIALS } from "./credential-form.tsx";
import { HealthState } from "./health-state.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { writeLabels } from "./label-text.ts";
import { RemoveClusterDialog } from "./remove-cluster-dialog.tsx";
import { Trust } from "./trust.tsx";

const ClusterList = z.object({ clusters: z.array(ClusterWithHealth) });

const COLUMNS: readonly ListColumn<ClusterWithHealth>[] = [
  {
    id: "name",
    label: "Name",
    sortBy: ({ name }) => name,
    width: 130,
    className: "is-ink",
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "endpoint",
    label: "Endpoint",
    sortBy: ({ endpoint }) => endpoint,
    width: 180,
    flexible: true,
    title: ({ endpoint, connection }) =>
      connection === "tunnel" ? `${endpoint}, through an agent` : endpoint,
    cell: ({ endpoint, connection }) => (
      <>
        <span className="identifier">{endpoint}</span>
        {connection === "tunnel" ? <span className="faint"> through an agent</span> : null}
      </>
    ),
  },
  {
    id: "health",
    label: "Health",
    sortBy: ({ health }) => health?.state ?? "",
    width: 140,
    title: ({ health }) => health?.findings.map(({ problem }) => problem).join("; ") ?? "",
    cell: ({ health }) => <HealthState health={health} />,
  },
  {
    id: "version",
    label: "Version",
    sortBy: ({ health }) => health?.version ?? "",
    width: 90,
    from: 1240,
    cell: ({ health }) => health?.version ?? "",
  },
  {
    id: "labels",
    label: "Labels",
    sortBy: ({ labels }) => writeLabels(labels),
    width: 140,
    from: 1100,
    title: ({ labels }) => writeLabels(labels),
    cell: ({ labels }) => writeLabels(labels),
  },
  {
    id: "trust",
    label: "Certificate",
    width: 150,
    from: 980,
    cell: (cluster) => (isProvedByAgent(cluster) ? "Checked by the agent" : <Trust cluster={cluster} />),
  },
  {
    id: "credential",
    label: "Credential",
    sortBy: ({ credentialKind }) => CREDENTIALS[credentialKind],
    width: 130,
    cell: (cluster) => (isProvedByAgent(cluster) ? "The agent’s own" : CREDENTIALS[cluster.credentialKind]),
  },
  {
    id: "created",
    label: "Added",
    sortBy: ({ createdAt }) => createdAt,
    width: 110,
    from: 820,
    cell: ({ createdAt }) => <When time={createdAt} absent="" />,
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

/** The clusters that the gateway leads to. */
export function Clusters() {
  const model = useList({
    endpoint: "/api/v1/clusters",
    schema: ClusterList,
    rowsOf: clustersOf,
    keyOf: idOf,
    textOf,
  });
  const mayWrite = useViewer().permissions.includes("clusters:write");
  const [form, setForm] = useState<{ cluster: ClusterWithHealth | null } | null>(null);
  const [importing, setImporting] = useState(false);
  const [removing, setRemoving] = useState<ClusterWithHealth | null>(null);
  const actionsOf = (cluster: ClusterWithHealth): RowAction[] => [
    { label: "Edit", icon: Pencil, run: () => setForm({ cluster }) },
    { label: "Remove", icon: Trash2, danger: true, run: () => setRemoving(cluster) },
  ];
  const add = mayWrite ? (
    <>
      <Button onClick={() => setImporting(true)} aria-label="Import kubeconfig">
        <FileInput aria-hidden />
        <span className="max-tablet:hidden">Import kubeconfig</span>
      </Button>
      <Button look="primary" onClick={() => setForm({ cluster: null })}>
        <Plus aria-hidden className="text-accent-fg!" />
        Add cluster
      </Button>
    </>
  ) : null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title="Clusters"
        noun={{ one: "cluster", many: "clusters" }}
        searchLabel="Name, endpoint or label"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={({ name, endpoint }) => ({ first: name, second: endpoint })}
        actions={add}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={{
          title: "No clusters yet",
          text: "Add one by its API server’s address, or import every context of a kubeconfig. People then reach it through the gateway by grants.",
          action: add,
        }}
        drawer={
          model.opened ? (
            <ClusterDrawer
              cluster={model.opened}
              onClose={() => model.open(null)}
              onChecked={model.refresh}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      {form ? (
        <ClusterDialog
          key={form.cluster?.id ?? "new"}
          cluster={form.cluster}
          onClose={() => setForm(null)}
          onDone={model.refresh}
        />
      ) : null}
      <ImportDialog open={importing} onOpenChange={setImporting} onDone={model.refresh} />
      <RemoveClusterDialog
        cluster={removing}
        onClose={() => setRemoving(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const clustersOf = (answer: z.infer<typeof ClusterList>) => answer.clusters;
const idOf = ({ id }: ClusterWithHealth) => id;
const textOf = ({ name, endpoint, labels }: ClusterWithHealth) =>
  `${name} ${endpoint} ${writeLabels(labels)}`;
