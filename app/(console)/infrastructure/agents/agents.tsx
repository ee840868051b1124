"use client";

import { Ban, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { AgentList, AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import type { MadeJoinToken } from "../../../../lib/tunnels/joining/schema.ts";
import { Button } from "../../../components/button.tsx";
import type { RowAction } from "../../../components/list/list-column.ts";
import { ListPage } from "../../../components/list/list-page.tsx";
import { usePagedList } from "../../../components/list/use-paged-list.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { COLUMNS } from "./agent-columns.tsx";
import { AgentDialog } from "./agent-dialog.tsx";
import { AgentDrawer } from "./agent-drawer.tsx";
import { AgentFilters } from "./agent-filters.tsx";
import { STATES } from "./agent-state.tsx";
import { JoinDialog } from "./join-dialog.tsx";
import { JoiningDialog } from "./joining-dialog.tsx";
import { RemoveAgentDialog, RevokeAgentDialog } from "./revoke-agent-dialog.tsx";
import { useAgentFilters } from "./use-agent-filters.ts";

const ENDPOINT = "/api/v1/agents";
const REFRESH_MS = 5_000;

/** The agents of clusters that nothing can dial: who they are, and whether they are connected. */
export function Agents() {
  const filters = useAgentFilters();
  const model = usePagedList({
    endpoint: ENDPOINT,
    query: filters.asked,
    schema: AgentList,
    rowsOf: agentsOf,
    totalOf: ({ total }) => total,
    keyOf: idOf,
    readOne: (id, signal) => requestJson(`${ENDPOINT}/${encodeURIComponent(id)}`, AgentView, { signal }),
    refreshMs: REFRESH_MS,
  });
  const mayWrite = useViewer().permissions.includes("agents:write");
  const [joining, setJoining] = useState(false);
  const [made, setMade] = useState<MadeJoinToken | null>(null);
  const [editing, setEditing] = useState<AgentView | null>(null);
  const [revoking, setRevoking] = useState<AgentView | null>(null);
  const [removing, setRemoving] = useState<AgentView | null>(null);
  const actionsOf = (agent: AgentView): RowAction[] =>
    agent.state === "revoked"
      ? [{ label: "Remove…", icon: Trash2, danger: true, run: () => setRemoving(agent) }]
      : [
          { label: "Name and tags…", icon: Pencil, run: () => setEditing(agent) },
          { label: "Revoke…", icon: Ban, danger: true, run: () => setRevoking(agent) },
        ];
  const join = (
    <Button look="primary" onClick={() => setJoining(true)}>
      <Plus aria-hidden className="text-accent-fg!" />
      Join an agent
    </Button>
  );
  const isFiltered = filters.cluster !== null || filters.state !== null;
  return (
    <>
      <ListPage
        model={model}
        path={["Infrastructure"]}
        title="Agents"
        noun={{ one: "agent", many: "agents" }}
        searchLabel="Name, cluster, tag or address"
        columns={COLUMNS}
        nameOf={({ name }) => name}
        linesOf={(agent) => ({
          first: agent.name,
          second: `${agent.cluster.name} · ${STATES[agent.state].words}`,
        })}
        filters={<AgentFilters filters={filters} />}
        isDim={({ state }) => state === "revoked"}
        actions={mayWrite ? join : null}
        actionsOf={mayWrite ? actionsOf : undefined}
        opens
        empty={
          isFiltered
            ? { title: "No agents match", text: "None is of that cluster and in that state." }
            : {
                title: "No agents yet",
                text: "An agent runs in the network of a cluster that the gateway cannot dial, and dials out to the gateway: calls then go through its connection. Join one with a token that counts once, then set the cluster’s connection to “Through an agent”.",
                action: mayWrite ? join : null,
              }
        }
        drawer={
          model.opened ? (
            <AgentDrawer
              key={model.opened.id}
              agent={model.opened}
              onClose={() => model.open(null)}
              actions={mayWrite ? actionsOf(model.opened) : []}
            />
          ) : null
        }
      />
      {joining ? (
        <JoinDialog onClose={() => setJoining(false)} onMade={setMade} initialCluster={filters.cluster} />
      ) : null}
      {made ? <JoiningDialog made={made} onClose={() => setMade(null)} onJoined={model.refresh} /> : null}
      {editing ? (
        <AgentDialog
          key={editing.id}
          agent={editing}
          onClose={() => setEditing(null)}
          onDone={model.refresh}
        />
      ) : null}
      <RevokeAgentDialog agent={revoking} onClose={() => setRevoking(null)} onDone={model.refresh} />
      <RemoveAgentDialog
        agent={removing}
        onClose={() => setRemoving(null)}
        onDone={() => {
          model.open(null);
          model.refresh();
        }}
      />
    </>
  );
}

const agentsOf = (answer: AgentList) => answer.agents;
const idOf = ({ id }: AgentView) => id;
