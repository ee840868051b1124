"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, LoaderCircle } from "lucide-react";
import { useEffect } from "react";
import { AgentView } from "../../../../lib/tunnels/agents/schema.ts";
import { JoinTokenView } from "../../../../lib/tunnels/joining/schema.ts";
import { requestJson } from "../../../components/request-json.ts";

const ASK_EVERY_MS = 2_000;

/** Whether something has joined with the token, and has connected; asks until both are so. */
export function JoiningState({ token, onJoined }: { token: string; onJoined: () => void }) {
  const joined = useQuery({
    queryKey: ["/api/v1/agents/join-tokens", token],
    queryFn: ({ signal }) => requestJson(`/api/v1/agents/join-tokens/${token}`, JoinTokenView, { signal }),
    refetchInterval: ({ state }) => (state.data?.agent ? false : ASK_EVERY_MS),
  });
  const agentId = joined.data?.agent?.id;
  const agent = useQuery({
    queryKey: ["/api/v1/agents", "joined", agentId],
    queryFn: ({ signal }) => requestJson(`/api/v1/agents/${agentId}`, AgentView, { signal }),
    enabled: agentId !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === "connected" ? false : ASK_EVERY_MS),
  });
  const state = agent.data?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each state
  useEffect(() => {
    if (agentId !== undefined) onJoined();
  }, [agentId, state]);
  const isConnected = state === "connected";
  const Icon = isConnected ? CircleCheck : LoaderCircle;
  return (
    <p role="status" className="flex items-center gap-2 rounded-2 border border-line px-3 py-2">
      <Icon aria-hidden className={isConnected ? "size-4! text-ok" : "size-4! animate-spin text-fg-3"} />
      {words(joined.data?.agent?.name, isConnected)}
    </p>
  );
}

function words(name: string | undefined, isConnected: boolean): string {
  if (name === undefined) return "Waiting for an agent to join with this token…";
  return isConnected
    ? `${name} has joined and is connected.`
    : `${name} has joined; waiting for its connection…`;
}
