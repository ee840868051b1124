"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ClusterView } from "../../../../lib/clusters/schema.ts";
import { AgentList, type AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { AgentState } from "../agents/agent-state.tsx";

const SHOWN = 20;
const REFRESH_MS = 10_000;

/** The agents of a cluster that is called through one. */
export function ClusterAgents({ cluster }: { cluster: ClusterView }) {
  const maySee = useViewer().permissions.includes("agents:read");
  const isTunnel = cluster.connection === "tunnel";
  const { data, error } = useQuery({
    queryKey: ["/api/v1/agents", "of", cluster.id],
    queryFn: ({ signal }) =>
      requestJson(`/api/v1/agents?cluster=${cluster.id}&limit=${SHOWN}`, AgentList, { signal }),
    enabled: maySee && isTunnel,
    refetchInterval: REFRESH_MS,
  });
  if (!maySee || !isTunnel) return null;
  const agents = data?.agents.filter(({ state }) => state !== "revoked") ?? [];
  return (
    <Section
      title="Agents"
      right={
        <Link href={`/infrastructure/agents?cluster=${cluster.id}`} className="font-medium text-accent">
          All of them
        </Link>
      }
    >
      <Facts>
        <Fact name="Chosen by">
          {cluster.agentTag ? (
            <span>
              tag <span className="tag">{cluster.agentTag}</span>
            </span>
          ) : (
            <Absent>Any of them</Absent>
          )}
        </Fact>
      </Facts>
      {agents.length > 0 ? (
        <ul className="mt-2 grid gap-1" aria-label="Agents">
          {agents.map((agent) => (
            <AgentLine key={agent.id} agent={agent} tag={cluster.agentTag} />
          ))}
        </ul>
      ) : (
        <p className="mt-2 text-fg-3">
          {error
            ? "They could not be read."
            : data
              ? "None has joined: calls fail until one does."
              : "Reading…"}
        </p>
      )}
    </Section>
  );
}

function AgentLine({ agent, tag }: { agent: AgentView; tag: string | null }) {
  const isLeftOut = tag !== null && !agent.tags.includes(tag);
  return (
    <li className="flex flex-wrap items-center gap-x-3">
      <Link href={`/infrastructure/agents?open=${agent.id}`} className="font-medium text-accent">
        {agent.name}
      </Link>
      <AgentState state={agent.state} />
      {isLeftOut ? <span className="text-fg-3">without the tag</span> : null}
    </li>
  );
}
