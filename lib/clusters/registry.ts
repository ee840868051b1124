import { gatewayPool } from "../db/connection.ts";
import { type Fresh, keepFresh } from "../db/keep-fresh.ts";
import { Listeners } from "../listeners.ts";
import { processState } from "../process-state.ts";
import { CLUSTERS_CHANNEL } from "./announce.ts";
import type { ClusterConnection, TunnelCredential } from "./schema.ts";
import { closeUpstreams } from "./upstream-cache.ts";

/** A cluster as the gateway calls it. The credential is sealed until an upstream is made. */
export interface RegisteredCluster {
  id: string;
  name: string;
  endpoint: string;
  certificateAuthority: string | null;
  tlsServerName: string | null;
  insecureSkipTlsVerify: boolean;
  labels: Readonly<Record<string, string>>;
  connection: ClusterConnection;
  /** Of tunnels: only agents with this tag carry its calls; null: any. */
  agentTag: string | null;
  tunnelCredential: TunnelCredential;
  credential: Uint8Array | null;
  /** Differs with every change of the row. */
  revision: string;
}

const state = processState("clusters/registry", () => ({
  clusters: new Map<string, RegisteredCluster>(),
  byId: new Map<string, RegisteredCluster>(),
  listeners: new Listeners(),
}));

/** The cluster of that name, from memory; null where there is none. */
export function findCluster(name: string): RegisteredCluster | null {
  return state.clusters.get(name) ?? null;
}

/** The cluster with that id, from memory; null where there is none. */
export function findClusterById(id: string): RegisteredCluster | null {
  return state.byId.get(id) ?? null;
}

/** Every cluster, from memory. */
export function registeredClusters(): RegisteredCluster[] {
  return [...state.clusters.values()];
}

/** Calls `listener` after each change of the clusters. Returns the unsubscriber. */
export function onClustersChange(listener: () => void): () => void {
  return state.listeners.add(listener);
}

const POLL_MS = 3_000;
const SELECT = `
  select id, name, endpoint, certificate_authority as "certificateAuthority", tls_server_name as "tlsServerName",
    insecure_skip_tls_verify as "insecureSkipTlsVerify", labels, connection,
    agent_tag as "agentTag", tunnel_credential as "tunnelCredential", credential, updated_at::text as revision
  from clusters where removed_at is null`;
const FINGERPRINT = `
  select concat_ws(' ', count(*), count(removed_at), max(updated_at), max(created_at)) as fingerprint from clusters`;

/** Reads the clusters into memory and keeps them fresh. Called at start. */
export function startClusterRegistry({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  return keepFresh({
    what: "the clusters",
    channel: CLUSTERS_CHANNEL,
    pollMs,
    readFingerprint: async () => {
      const { rows } = await gatewayPool().query<{ fingerprint: string }>(FINGERPRINT);
      return rows[0]?.fingerprint ?? "";
    },
    load: async () => {
      const { rows } = await gatewayPool().query<RegisteredCluster>(SELECT);
      state.clusters = new Map(rows.map((cluster) => [cluster.name, cluster]));
      state.byId = new Map(rows.map((cluster) => [cluster.id, cluster]));
      state.listeners.tell();
      closeUpstreams((id, revision) => !rows.some((row) => row.id === id && row.revision === revision));
    },
  });
}
