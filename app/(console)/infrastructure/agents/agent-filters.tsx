"use client";

import { AgentState } from "../../../../lib/tunnels/agents/schema.ts";
import { Select } from "../../../components/select.tsx";
import { STATES } from "./agent-state.tsx";
import type { useAgentFilters } from "./use-agent-filters.ts";
import { useClusters } from "./use-clusters.ts";

const ALL = "all";

/** Narrows the list by cluster and state. */
export function AgentFilters({ filters }: { filters: ReturnType<typeof useAgentFilters> }) {
  const clusters = useClusters();
  const names = clusters.map(({ id, name }) => ({ value: id, label: name }));
  const states = AgentState.options.map((value) => ({ value, label: STATES[value].words }));
  return (
    <>
      <Select
        label="Cluster"
        value={filters.cluster ?? ALL}
        onValueChange={(value) => filters.setCluster(value === ALL ? null : value)}
        options={[{ value: ALL, label: "All clusters" }, ...names]}
        className="max-w-[200px]"
      />
      <Select
        label="State"
        value={filters.state ?? ALL}
        onValueChange={(value) => filters.setState(AgentState.safeParse(value).data ?? null)}
        options={[{ value: ALL, label: "All states" }, ...states]}
      />
    </>
  );
}
