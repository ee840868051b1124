import type { EventEntry } from "../../audit/event-history/schema.ts";
import type { RecordingEntry } from "../../audit/recordings/schema.ts";
import type { RequestAuditEntry } from "../../audit/request-audit/schema.ts";
import type { StreamRecord } from "../surfaces/stream-record.ts";

// Records with every field set, each value another, so that what is lost or misplaced is seen.

const AT = Date.parse("2026-03-01T09:30:00.123Z");
const INSTALLATION = "https://kubewitness.example";

const CALL: RequestAuditEntry = {
  no: 4_211,
  executedAt: new Date(AT).toISOString(),
  result: "success",
  name: "Alice Adler",
  email: "alice@example.org",
  clientIp: "203.0.113.7",
  clusterName: "prod-eu",
  clusterEndpoint: "https://api.prod-eu.example:6443",
  role: "shop-operator",
  namespace: "shop",
  verb: "create",
  resource: "pods/exec",
  resourceName: "web-0",
  message: "command ended with code 7",
  httpStatus: 101,
  durationMs: 8_412,
  kubernetesGroups: ["shop-operators", "oncall"],
  impersonatedUser: "system:serviceaccount:shop:deployer",
  impersonatedGroups: ["deployers"],
  clientName: "kubectl/v1.36.2",
  accessMethod: "CLI",
  command: "kubectl exec -it web-0 -- sh",
  sessionId: "0199a000-0000-7000-8000-000000000001",
  recordingId: "0199a000-0000-7000-8000-000000000002",
  tunnelAgent: "agent-eu-1",
  tunnelTag: "eu-west",
  auditId: "0199a000-0000-7000-8000-000000000003",
  stage: "end",
  exitCode: 7,
  bytesIn: 311,
  bytesOut: 90_210,
  apiGroup: "apps",
  projects: ["webshop"],
  departments: ["retail"],
  nodePools: ["pool-large"],
  grantId: "0199a000-0000-7000-8000-000000000004",
  grantOrigin: "request",
};

const EVENT: EventEntry = {
  no: 977,
  happenedAt: new Date(AT).toISOString(),
  action: "Delete",
  operation: "Revoke",
  status: "Failed",
  entityType: "AccessGrant",
  entityId: "0199a000-0000-7000-8000-00000000000a",
  entityName: "bob on prod-eu",
  clusterId: "0199a000-0000-7000-8000-00000000000b",
  clusterName: "prod-eu",
  sourceType: "User",
  sourceId: "0199a000-0000-7000-8000-00000000000c",
  sourceName: "carol.source@example.org",
  name: "Carol Carter",
  email: "carol@example.org",
  sourceIp: "2001:db8::17",
  userAgent: "Mozilla/5.0",
  error: "the grant has ended already",
  requestNo: 4_100,
  requestExecutedAt: "2026-03-01T09:29:58.001Z",
};

const RECORDING: RecordingEntry = {
  no: 52,
  startedAt: new Date(AT).toISOString(),
  result: "failure",
  ending: "terminated",
  name: "Dan Diaz",
  email: "dan@example.org",
  clusterName: "prod-us",
  namespace: "billing",
  pod: "ledger-1",
  container: "main",
  kind: "debug",
  commandLine: "sh -c 'top'",
  tty: "yes",
  role: "billing-operator",
  clientIp: "198.51.100.23",
  clientName: "kubectl/v1.35.0",
  accessMethod: "CLI",
  durationMs: 61_500,
  outputBytes: 20_111,
  exitCode: 137,
  commands: 12,
  message: "ended by Erin: reading what is not theirs",
  endedAt: new Date(AT + 61_500).toISOString(),
  bytesIn: 1_204,
  bytesOut: 24_001,
  storedBytes: 4_096,
  inputRecorded: "no",
  protocol: "v5.channel.k8s.io",
  recordingId: "0199a000-0000-7000-8000-000000000010",
  auditId: "0199a000-0000-7000-8000-000000000011",
  sessionId: "0199a000-0000-7000-8000-000000000012",
  chunks: 9,
  lastHash: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
  projects: ["ledger"],
  departments: ["finance"],
  nodePools: ["pool-small"],
};

const common = (surface: string, no: number) => ({
  id: `kw1.${surface}.${no}`,
  no,
  at: AT,
  installation: INSTALLATION,
  test: false,
});

export const callRecord = (
  entry: Partial<RequestAuditEntry> = {},
): StreamRecord & { surface: "requests" } => ({
  ...common("requests", entry.no ?? CALL.no),
  surface: "requests",
  entry: { ...CALL, ...entry },
});

export const eventRecord = (entry: Partial<EventEntry> = {}): StreamRecord & { surface: "events" } => ({
  ...common("events", entry.no ?? EVENT.no),
  surface: "events",
  entry: { ...EVENT, ...entry },
});

export const recordingRecord = (
  entry: Partial<RecordingEntry> = {},
): StreamRecord & { surface: "recordings" } => ({
  ...common("recordings", entry.no ?? RECORDING.no),
  surface: "recordings",
  entry: { ...RECORDING, ...entry },
});

/** One of each surface. */
export const wholeRecords = (): StreamRecord[] => [callRecord(), eventRecord(), recordingRecord()];
