import { createHash } from "node:crypto";
import type pg from "pg";

const HOUR_MS = 3_600_000;

interface SeededAgent {
  name: string;
  tags: string[];
  version: string;
  address: string;
  /** One connection of each that is open now. */
  pods: string[];
  revoked?: string;
}

const CLUSTER = "warehouse-north";
const AGENTS: readonly SeededAgent[] = [
  {
    ...{ name: "rack-a", tags: ["eu", "fibre"], version: "0.1.0", address: "198.51.100.24" },
    pods: ["kubewitness-agent-7d9f6c-x2kqv", "kubewitness-agent-7d9f6c-m8wzt"],
  },
  { name: "rack-b", tags: ["eu", "lte"], version: "0.0.9", address: "203.0.113.61", pods: ["rack-b"] },
  { name: "rack-c", tags: ["eu"], version: "0.1.0", address: "198.51.100.31", pods: [] },
  {
    ...{ name: "old-laptop", tags: [], version: "0.0.8", address: "192.0.2.77", pods: [] },
    revoked: "The machine was returned.",
  },
];
const ENDINGS = [
  "the link broke",
  "the agent drained",
  "the gateway was stopped",
  "the agent connected again",
];

/** A cluster that is called through agents, and these, with their log of connects; nothing where it is there already. */
export async function storeAgents(pool: pg.Pool, now = Date.now()): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into clusters (name, endpoint, credential_kind, connection, agent_tag, tunnel_credential)
     values ($1, 'https://kubernetes.default.svc', 'none', 'tunnel', 'eu', 'agent') on conflict (name) do nothing returning id`,
    [CLUSTER],
  );
  if (!rows[0]) return;
  for (const [index, agent] of AGENTS.entries()) await storeAgent(pool, rows[0].id, { agent, index, now });
}

async function storeAgent(
  pool: pg.Pool,
  clusterId: string,
  { agent, index, now }: { agent: SeededAgent; index: number; now: number },
): Promise<void> {
  const digest = createHash("sha256").update(agent.name).digest("hex");
  const { rows } = await pool.query<{ id: string }>(
    `insert into tunnel_agents (cluster_id, name, tags, version, address, joined_at, joined_by, fingerprint, serial, certificate_ends_at,
       last_seen_at, revoked_at, revoked_by, revoke_reason)
     values ($1, $2, $3, $4, $5, $6, 'lena@acme.example', $7, $8, $9, $10, $11, $12, $13) returning id`,
    [
      ...[clusterId, agent.name, agent.tags, agent.version, agent.address, new Date(now - 700 * HOUR_MS)],
      ...[digest, digest.slice(0, 32).toUpperCase(), new Date(now + (120 + 170 * index) * HOUR_MS)],
      ...[new Date(now - index * 9 * HOUR_MS), agent.revoked ? new Date(now - 200 * HOUR_MS) : null],
      ...[agent.revoked ? "lena@acme.example" : null, agent.revoked ?? null],
    ],
  );
  const id = rows[0]!.id;
  for (const [at, pod] of agent.pods.entries()) {
    const since = now - (at + 1) * 5 * HOUR_MS;
    await storeConnection(pool, id, { agent, pod, since, until: null, calls: 4_180 - 900 * at });
  }
  for (let at = 1; at <= 6; at++) {
    const since = now - (12 + at * 27) * HOUR_MS;
    const pod = agent.pods[at % Math.max(1, agent.pods.length)] ?? agent.name;
    await storeConnection(pool, id, { agent, pod, since, until: since + 20 * HOUR_MS, calls: 700 * at });
  }
}

async function storeConnection(
  pool: pg.Pool,
  agentId: string,
  connection: { agent: SeededAgent; pod: string; since: number; until: number | null; calls: number },
): Promise<void> {
  const { agent, pod, since, until, calls } = connection;
  // Of an open one a process says every few seconds that it is there, and here there is none.
  const seenAt = new Date(until ?? since + 10_000 * HOUR_MS);
  await pool.query(
    `insert into tunnel_connections (agent_id, instance, hub, process, address, version, since, seen_at, until, ending, calls, bytes_in, bytes_out)
     values ($1, $2, 'f3a1c2d4-9b7e-4c55-8d10-6a2b7c9e0f41', 'gateway-1', $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[agentId, pod, agent.address, agent.version, new Date(since), seenAt, until && new Date(until)],
      ...[until && ENDINGS[calls % ENDINGS.length], calls, calls * 2_100, calls * 31_000],
    ],
  );
}
