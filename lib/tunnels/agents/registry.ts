import { gatewayPool } from "../../db/connection.ts";
import { type Fresh, keepFresh } from "../../db/keep-fresh.ts";
import { Listeners } from "../../listeners.ts";
import { processState } from "../../process-state.ts";
import { AGENTS_CHANNEL } from "./announce.ts";

/** An agent that counts: it joined, its cluster is there, and nobody has revoked it. */
export interface RegisteredAgent {
  id: string;
  name: string;
  clusterId: string;
  /** What a call chooses it by. */
  tags: readonly string[];
  /** Differs with every change of the row. */
  revision: string;
}

const state = processState("tunnels/agents", () => ({
  agents: new Map<string, RegisteredAgent>(),
  listeners: new Listeners(),
  fresh: null as Fresh | null,
}));

/** The agent with that id, from memory; null where there is none, or it is revoked. */
export function findAgent(id: string): RegisteredAgent | null {
  return state.agents.get(id) ?? null;
}

/** The agents of a cluster that count, from memory. */
export function agentsOfCluster(clusterId: string): RegisteredAgent[] {
  return [...state.agents.values()].filter((agent) => agent.clusterId === clusterId);
}

/** Calls `listener` after each change of the agents: a connection of one that is no more among them has to end. Returns the unsubscriber. */
export function onAgentsChange(listener: () => void): () => void {
  return state.listeners.add(listener);
}

/** Looks now whether the agent is there: it may have joined at another process a moment ago. */
export async function findNewAgent(id: string): Promise<RegisteredAgent | null> {
  await state.fresh?.reload();
  return findAgent(id);
}

const POLL_MS = 3_000;
const SELECT = `
  select a.id, a.name, a.cluster_id as "clusterId", a.tags, a.updated_at::text as revision
  from tunnel_agents a join clusters c on c.id = a.cluster_id
  where a.revoked_at is null and c.removed_at is null`;
const FINGERPRINT = `
  select concat_ws(' ', count(*), count(a.revoked_at), max(a.updated_at), count(c.removed_at)) as fingerprint
  from tunnel_agents a join clusters c on c.id = a.cluster_id`;

/** Reads the agents into memory and keeps them fresh. Called at start. */
export async function startAgentRegistry({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  state.fresh = await keepFresh({
    what: "the agents",
    channel: AGENTS_CHANNEL,
    pollMs,
    readFingerprint: async () => {
      const { rows } = await gatewayPool().query<{ fingerprint: string }>(FINGERPRINT);
      return rows[0]?.fingerprint ?? "";
    },
    load: async () => {
      const { rows } = await gatewayPool().query<RegisteredAgent>(SELECT);
      state.agents = new Map(rows.map((agent) => [agent.id, agent]));
      state.listeners.tell();
    },
  });
  return state.fresh;
}
