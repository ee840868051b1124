import type { ConnectionOptions } from "node:tls";
import type { Dispatcher } from "undici";
import type { Decision, DecisionInput } from "../access/decide.ts";
import type { Recorder } from "../audit/recorder.ts";
import type { TextRedactor } from "../audit/redaction/redact-text.ts";
import type { ClientAddressReader } from "../client-address.ts";
import type { AuthenticatedToken } from "../identity/authenticate.ts";
import type { LiveCalls } from "./live-calls.ts";

/** A registered cluster, as far as the gateway needs to know it. */
export interface GatewayCluster {
  id: string;
  name: string;
  endpoint: string;
}

/** The way to a cluster's API server. */
export interface Upstream {
  /** With the path that the API server is served under, if any. */
  endpoint: URL;
  dispatcher: Dispatcher;
  /** For upgrades, which take a connection of their own. */
  tls: ConnectionOptions;
  /** The value of the Authorization header; null where the connection itself authenticates. */
  authorization(): Promise<string | null>;
}

/** Everything that the chain asks of the house. */
export interface Gateway {
  recorder: Recorder;
  authenticateToken(token: string): Promise<AuthenticatedToken | null>;
  decide(input: DecisionInput): Decision;
  findCluster(name: string): GatewayCluster | null;
  upstreamFor(cluster: GatewayCluster): Upstream;
  /** Takes secrets out of messages and out of the arguments of an exec. */
  redactor: TextRedactor;
  readClientAddress: ClientAddressReader;
  /** `audit.reads`: whether allowed get, list and watch calls are recorded. */
  recordReads: boolean;
  liveCalls: LiveCalls;
}
