import type https from "node:https";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import type { Decision, DecisionInput } from "../../access/policy/decision.ts";
import { joinMentions, type Mentions } from "../../access/policy/mentions.ts";
import { DEFAULT_RECORDING } from "../../access/policy/schema.ts";
import { compileDirectory } from "../../access/scopes/directory.ts";
import { NO_SCOPES } from "../../access/scopes/load.ts";
import type { Recorder } from "../../audit/pipeline/recorder.ts";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import { createClientAddressReader } from "../../http/client-address.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import { Listeners } from "../../listeners.ts";
import type { EndRequest } from "../../recordings/live/end-requests.ts";
import { MemoryStore } from "../../recordings/recorder/testing/memory-store.ts";
import type { RevokedSubject } from "../../revocation/revocation.ts";
import { attachFront, attachGateway } from "../attach.ts";
import type { Gateway, GatewayCluster, Upstream } from "../call/gateway.ts";
import { STRANGER_LIMITS, type StrangerLimits } from "../call/strangers.ts";
import { FrontServer } from "../front/front-server.ts";
import { GATEWAY_SERVER_OPTIONS } from "../server-options.ts";
import { type GatewayDoor, type RunningGateway, startGateway } from "../start.ts";
import { testCertificates } from "./certificates.ts";
import { MemoryRecorder } from "./memory-recorder.ts";

/** A gateway behind TLS on a port of its own, on a small table of people and clusters. */
export interface TestGateway {
  readonly port: number;
  readonly server: https.Server;
  readonly recorder: MemoryRecorder;
  readonly recordings: MemoryStore;
  readonly registry: Registry;
  readonly gateway: RunningGateway;
  readonly tokens: Map<string, AuthenticatedToken>;
  readonly clusters: Map<string, { cluster: GatewayCluster; upstream: Upstream }>;
  /** Replaces the decision, which allows everything. */
  decide: (input: DecisionInput) => Decision;
  /** What `decide` names; nothing unless a test says so. */
  mentions: Mentions & { asksNodes?: boolean };
  /** Tokens are looked up when it opens. */
  lookUpGate: Promise<void> | null;
  /** What was asked of `decide`. */
  readonly decisions: DecisionInput[];
  revoke(subject: RevokedSubject): void;
  /** As somebody asks for the end of a recorded session; false where none of that id runs. */
  requestEnd(recordingId: string, request: EndRequest): boolean;
  /** Tells that `decide` may answer otherwise. */
  changePolicy(): void;
  addCluster(name: string, upstream: Upstream): void;
  close(): Promise<void>;
}

/** The tests are one address, and call far more often than a stranger may. */
const EVERY_ONE_RECORDED: StrangerLimits = {
  ...STRANGER_LIMITS,
  recordedOfNetwork: 1e6,
  recordedInAll: 1e6,
  freeLookUps: 1e6,
};

const NO_PROJECTS = compileDirectory(NO_SCOPES);

export const ALICE = { id: "11111111-1111-4111-8111-111111111111", email: "alice@example.com" } as const;
export const ALICE_TOKEN = "alice-token-0123456789";
export const ALICE_TOKEN_ID = "22222222-2222-4222-8222-222222222222";
export const GRANT_ID = "33333333-3333-4333-8333-333333333333";

export interface TestGatewayOverrides {
  trustedProxies?: string[];
  strangerLimits?: StrangerLimits;
  /** In the place of `recorder`, which gets nothing then. */
  pipeline?: Recorder;
  /** In the place of `recordings`, which gets nothing then. */
  recordings?: Gateway["recordings"];
  /** Who reads plain calls; what the front does not take is node:http's in both. The front where it is left out. */
  readBy?: "front" | "node";
  /** What the server, read by node:http, hands its calls to, on their way to this gateway; the gateway itself where it is left out. */
  door?: (gateway: RunningGateway) => GatewayDoor;
}

export async function startTestGateway(overrides: TestGatewayOverrides = {}): Promise<TestGateway> {
  const { certificate, key } = await testCertificates();
  const recorder = new MemoryRecorder();
  const recordings = new MemoryStore();
  const endListeners = new Map<string, (request: EndRequest) => void>();
  const listeners = new Set<(subject: RevokedSubject) => void>();
  const policy = new Listeners();
  const test: Omit<TestGateway, "port" | "server" | "gateway" | "registry"> = {
    recorder,
    recordings,
    tokens: new Map([[ALICE_TOKEN, aliceToken()]]),
    clusters: new Map(),
    decisions: [],
    decide: allow,
    mentions: joinMentions([]),
    lookUpGate: null,
    revoke: (subject) => {
      for (const listener of listeners) listener(subject);
    },
    requestEnd: (recordingId, request) => {
      const listener = endListeners.get(recordingId);
      listener?.(request);
      return listener !== undefined;
    },
    changePolicy: () => policy.tell(),
    addCluster(name, upstream) {
      const id = `44444444-4444-4444-8444-${String(test.clusters.size).padStart(12, "0")}`;
      test.clusters.set(name, { cluster: { id, name, endpoint: upstream.endpoint.origin }, upstream });
    },
    async close() {
      await gateway.drain(0);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const registry = new Registry();
  const gateway = startGateway({
    recorder: overrides.pipeline ?? recorder,
    recordings: overrides.recordings ?? recordings,
    onSessionEndRequest: (recordingId, listener) => {
      endListeners.set(recordingId, listener);
      return () => endListeners.delete(recordingId);
    },
    registry,
    redactor: createTextRedactor([]),
    readClientAddress: createClientAddressReader(overrides.trustedProxies ?? []),
    authenticateToken: async (token) => {
      await test.lookUpGate;
      return test.tokens.get(token) ?? null;
    },
    // Tests say when a look-up ends.
    findAuthenticatedToken: () => null,
    isTokenInUse: (token) => token === ALICE_TOKEN && test.tokens.has(token),
    strangerLimits: overrides.strangerLimits ?? EVERY_ONE_RECORDED,
    directory: () => NO_PROJECTS,
    nodes: { areAskedFor: () => false, findOfPod: async () => null, labelsOf: () => null },
    findCluster: (name) => test.clusters.get(name)?.cluster ?? null,
    findClusterById: (id) =>
      [...test.clusters.values()].map(({ cluster }) => cluster).find((cluster) => cluster.id === id) ?? null,
    upstreamFor: (cluster) => test.clusters.get(cluster.name)!.upstream,
    decide: (input) => {
      test.decisions.push(input);
      return test.decide(input);
    },
    mentions: () => ({ asksNodes: false, ...test.mentions }),
    onPolicyChange: (listener) => policy.add(listener),
    onCallersChange: () => () => {},
    onRevocation: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const server = new FrontServer({ ...GATEWAY_SERVER_OPTIONS, cert: certificate, key });
  const door = overrides.door?.(gateway);
  if (door !== undefined || overrides.readBy === "node") attachGateway(server, door ?? gateway);
  else attachFront(server, gateway);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(test, {
    gateway,
    registry,
    server,
    port: (server.address() as AddressInfo).port,
  });
}

/** As a role does that allows everything to people of group `developers`. */
export function allow({ impersonation }: DecisionInput): Decision {
  return {
    allowed: true,
    role: "developer",
    roleId: "55555555-5555-4555-8555-555555555555",
    grantId: GRANT_ID,
    grantOrigin: "grant",
    agentTag: null,
    impersonate: {
      user: impersonation?.user ?? ALICE.email,
      groups: [...(impersonation?.groups ?? ["developers", "team-a"])],
      extra: {},
    },
    recording: DEFAULT_RECORDING,
    auditReads: null,
    until: Number.POSITIVE_INFINITY,
  };
}

export function deny(reason: string): (input: DecisionInput) => Decision {
  return () => ({ allowed: false, reason });
}

export function aliceToken(lifetimeMs = 3_600_000): AuthenticatedToken {
  return {
    actor: {
      kind: "user",
      id: ALICE.id,
      name: "Alice Example",
      email: ALICE.email,
      consoleRole: "user",
      groups: [],
      groupIds: [],
    },
    tokenId: ALICE_TOKEN_ID,
    expiresAt: new Date(Date.now() + lifetimeMs),
  };
}
