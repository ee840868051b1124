import type { MentionedTo } from "../../access/decide.ts";
import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import type { Labels } from "../../access/policy/labels.ts";
import type { ProjectDirectory } from "../../access/scopes/directory.ts";
import type { Recorder } from "../../audit/pipeline/recorder.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import type { Upstream as ClusterUpstream } from "../../clusters/upstream.ts";
import type { Actor } from "../../context.ts";
import type { ClientAddressReader } from "../../http/client-address.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import type { EndRequest } from "../../recordings/live/end-requests.ts";
import type { RecordingStore } from "../../recordings/store/recording-store.ts";
import type { LiveCalls } from "./live-calls.ts";
import type { GatewayMetrics } from "./metrics.ts";
import type { StrangerRecorder } from "./strangers.ts";

/** A registered cluster, as far as the gateway needs to know it. */
export interface GatewayCluster {
  id: string;
  name: string;
  endpoint: string;
  /** What administrators call it, for rules to go by. */
  labels?: Readonly<Record<string, string>>;
}

/** The way to a cluster's API server. */
export type Upstream = Omit<ClusterUpstream, "close">;

/** What is known of nodes, for grants on node pools. */
export interface GatewayNodes {
  /** Whether the actor has such a grant on the cluster. */
  areAskedFor(actor: Actor, clusterId: string): boolean;
  /** The pod's node as its cluster says; null where it does not. */
  findOfPod(cluster: GatewayCluster, pod: { namespace: string; name: string }): Promise<string | null>;
  /** From memory; null where they are not known. */
  labelsOf(clusterId: string, node: string): Labels | null;
}

/** Everything that the chain asks of the house. */
export interface Gateway {
  recorder: Recorder;
  /** Counts the calls of nobody known; `recorder` is the same. */
  strangers: StrangerRecorder;
  authenticateToken(token: string, used?: { from: string | null }): Promise<AuthenticatedToken | null>;
  /** The same from memory; null where it has to be asked for. */
  findAuthenticatedToken(token: string, used: { from: string | null }): AuthenticatedToken | null;
  /** Whether a token counted a moment ago: it costs no question to the database. */
  isTokenInUse(token: string): boolean;
  decide(input: DecisionInput): Decision;
  /** What the rules of somebody's roles in a cluster name. */
  mentions(of: Pick<DecisionInput, "actor" | "cluster">): MentionedTo;
  /** In which projects, departments and node pools something is, as of now. */
  directory(): ProjectDirectory;
  nodes: GatewayNodes;
  findCluster(name: string): GatewayCluster | null;
  findClusterById(id: string): GatewayCluster | null;
  /** @throws AppError where the cluster may not be called, or its credential cannot be had. */
  upstreamFor(cluster: GatewayCluster): Upstream;
  /** Takes secrets out of messages and out of the arguments of an exec. */
  redactor: TextRedactor;
  readClientAddress: ClientAddressReader;
  liveCalls: LiveCalls;
  metrics: GatewayMetrics;
  /** Where sessions are recorded. */
  recordings: Omit<RecordingStore, "stop">;
  /** Calls `listener` when somebody wants the session of this recording ended. Returns the unsubscriber. */
  onSessionEndRequest(recordingId: string, listener: (request: EndRequest) => void): () => void;
}
