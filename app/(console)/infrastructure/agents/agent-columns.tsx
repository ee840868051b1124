import type { AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { formatBytes, formatNumber } from "../../../components/audit/format-count.ts";
import type { ListColumn } from "../../../components/list/list-column.ts";
import { When } from "../../../components/time/when.tsx";
import { AgentState } from "./agent-state.tsx";
import { AgentVersion } from "./agent-version.tsx";

/** The columns of the list; `sortBy` says only that the API sorts by it. */
export const COLUMNS: readonly ListColumn<AgentView>[] = [
  {
    id: "name",
    label: "Name",
    width: 130,
    className: "is-ink",
    sortBy: ({ name }) => name,
    title: ({ name }) => name,
    cell: ({ name }) => name,
  },
  {
    id: "cluster",
    label: "Cluster",
    width: 130,
    flexible: true,
    sortBy: ({ cluster }) => cluster.name,
    title: ({ cluster }) => cluster.name,
    cell: ({ cluster }) => cluster.name,
  },
  { id: "state", label: "State", width: 150, cell: ({ state }) => <AgentState state={state} /> },
  {
    id: "tags",
    label: "Tags",
    width: 120,
    from: 640,
    title: ({ tags }) => tags.join(", ") || undefined,
    cell: ({ tags }) => tags.join(", ") || <span className="faint">None</span>,
  },
  {
    id: "version",
    label: "Version",
    width: 110,
    from: 840,
    cell: (agent) => <AgentVersion agent={agent} />,
  },
  {
    id: "address",
    label: "Address",
    width: 120,
    from: 960,
    title: ({ address }) => address ?? undefined,
    cell: ({ address }) => <span className="identifier">{address ?? ""}</span>,
  },
  {
    id: "since",
    label: "Connected",
    width: 110,
    from: 720,
    sortBy: ({ connectedSince }) => connectedSince,
    cell: ({ connectedSince, lastSeenAt }) =>
      connectedSince ? (
        <When time={connectedSince} absent="" />
      ) : (
        <span className="faint">
          {lastSeenAt ? (
            <>
              Last <When time={lastSeenAt} absent="" />
            </>
          ) : (
            "Never"
          )}
        </span>
      ),
  },
  {
    id: "calls",
    label: "Calls",
    width: 80,
    from: 1040,
    align: "end",
    className: "is-number",
    cell: ({ calls }) => formatNumber(calls),
  },
  {
    id: "bytes",
    label: "Bytes",
    width: 90,
    from: 1130,
    align: "end",
    className: "is-number",
    title: ({ bytesIn, bytesOut }) =>
      `${formatBytes(bytesIn)} to the cluster, ${formatBytes(bytesOut)} from it`,
    cell: ({ bytesIn, bytesOut }) => formatBytes(bytesIn + bytesOut),
  },
  {
    id: "certificate",
    label: "Certificate",
    width: 110,
    from: 1200,
    sortBy: ({ certificate }) => certificate.endsAt,
    cell: ({ certificate }) => <When time={certificate.endsAt} absent="" />,
  },
];
