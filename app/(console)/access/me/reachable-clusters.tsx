"use client";

import { Download, SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { CopyLines } from "../../../components/form/shown-once.tsx";
import { namespacesOf } from "../../../components/list/grants-of.tsx";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { PlainTable } from "../../../components/list/plain-table.tsx";
import { MessagePanel } from "../../../components/message-panel.tsx";
import { When } from "../../../components/time/when.tsx";
import { kubectlLine } from "./kubectl-line.ts";
import { type MyAnswer, type Reach, reachOf } from "./use-me.ts";

/** The clusters that one may reach: with which role, where, until when. */
export function ReachableClusters({
  me,
  server,
  hasWebShell,
  onDownload,
}: {
  me: MyAnswer;
  server: string;
  hasWebShell: boolean;
  onDownload: (cluster: string) => void;
}) {
  const router = useRouter();
  const reach = reachOf(me);
  if (reach.length === 0) {
    return (
      <MessagePanel role="status" title="No cluster is granted to you yet">
        Ask an administrator for a role on one
        {me.groups.length > 0 ? `, for you or for a group of yours (${me.groups.join(", ")})` : ""}.
      </MessagePanel>
    );
  }
  return (
    <section className="page-section" aria-labelledby="reach">
      <header>
        <h2 id="reach">Clusters</h2>
        <p>
          {me.email ?? me.name}
          {me.groups.length > 0 ? `, in ${me.groups.join(", ")}` : ""}
        </p>
      </header>
      <PlainTable
        label="Clusters"
        rows={reach}
        columns={columnsFor(server)}
        keyOf={({ key }) => key}
        nameOf={({ cluster }) => cluster}
        linesOf={({ cluster, grant }) => ({
          first: `${grant.role.name} on ${cluster}`,
          second: namespacesOf(grant) || "All namespaces",
        })}
        actionsOf={({ cluster }) => [
          ...(hasWebShell
            ? [
                {
                  label: "Open web shell",
                  icon: SquareTerminal,
                  run: () => router.push(`/access/shell?cluster=${encodeURIComponent(cluster)}`),
                },
              ]
            : []),
          { label: "Download kubeconfig", icon: Download, run: () => onDownload(cluster) },
        ]}
      />
      <div className="max-w-[720px] px-4 py-4">
        <CopyLines
          values={[{ label: "With the downloaded file, in a terminal", text: kubectlLine(reach[0]) }]}
        />
        <p className="mt-2 text-fg-3">
          Each call is decided and recorded by the gateway. You see your own under Request Audit.
        </p>
      </div>
    </section>
  );
}

function columnsFor(server: string): readonly ListColumn<Reach>[] {
  const address = ({ cluster }: Reach) => `${server}/k8s/clusters/${cluster}`;
  return [
    { id: "cluster", label: "Cluster", width: 160, className: "is-ink", cell: ({ cluster }) => cluster },
    { id: "role", label: "Role", width: 140, className: "is-ink", cell: ({ grant }) => grant.role.name },
    {
      id: "namespaces",
      label: "Namespaces",
      width: 200,
      title: ({ grant }) => namespacesOf(grant) || undefined,
      cell: ({ grant }) => namespacesOf(grant) || <span className="faint">All, and what has none</span>,
    },
    {
      id: "address",
      label: "Address for kubectl",
      width: 260,
      flexible: true,
      title: address,
      cell: (reach) => <span className="identifier is-dim">{address(reach)}</span>,
    },
    {
      id: "through",
      label: "Granted to",
      width: 170,
      title: ({ grant }) => grant.subject.name,
      cell: ({ grant: { subject } }) =>
        subject.kind === "group" ? `Group ${subject.name}` : <span className="faint">You</span>,
    },
    {
      id: "expires",
      label: "Expires",
      width: 120,
      cell: ({ grant }) => <When time={grant.expiresAt} absent="When revoked" />,
    },
  ];
}
