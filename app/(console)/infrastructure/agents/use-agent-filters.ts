"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { AgentState } from "../../../../lib/tunnels/agents/schema.ts";

const PARSERS = { cluster: parseAsString, state: parseAsStringLiteral(AgentState.options) };

/** Of which cluster, and in which state; it lives in the page's address. */
export function useAgentFilters() {
  const [{ cluster, state }, setFilters] = useQueryStates(PARSERS, { history: "replace" });
  return {
    cluster,
    state,
    setCluster: (next: string | null) => void setFilters({ cluster: next }),
    setState: (next: AgentState | null) => void setFilters({ state: next }),
    /** As the API is asked. */
    asked: { ...(cluster && { cluster }), ...(state && { state }) } as Record<string, string>,
  };
}
