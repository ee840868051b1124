import type { StreamRecord } from "../surfaces/stream-record.ts";
import { callRecord, eventRecord, recordingRecord, wholeRecords } from "./records.ts";

/** Records as unlike one another as they come: denied, of nobody, of a path, cut off, a list, a sign-in, the system's, a web shell's, and with nothing in their entries. */
export function variants(): [string, StreamRecord][] {
  const nobody = { name: null, email: null, role: null, kubernetesGroups: [], clientIp: null };
  const cases: [string, StreamRecord][] = [
    [
      "a denied call",
      callRecord({ role: null, grantId: null, grantOrigin: null, httpStatus: 403, result: "failure" }),
    ],
    ["a call of nobody", callRecord({ ...nobody, httpStatus: 401, result: "failure" })],
    [
      "a call for a path",
      callRecord({ verb: "get", resource: "/version", resourceName: null, namespace: null }),
    ],
    ["an interrupted call", callRecord({ stage: "interrupted", httpStatus: null, durationMs: null })],
    ["a list", callRecord({ verb: "list", resource: "secrets", resourceName: null, stage: "complete" })],
    ["a call without a cluster", callRecord({ clusterName: null as never, clusterEndpoint: null as never })],
    [
      "a sign-in",
      eventRecord({ action: "Login", operation: "Login", entityType: "Login", status: "Succeeded" }),
    ],
    ["a sign-out", eventRecord({ action: "Login", operation: "Logout", entityType: "Login" })],
    [
      "the system's event",
      eventRecord({
        sourceType: "System",
        sourceId: null,
        email: null,
        sourceIp: null,
        clusterId: null,
        clusterName: null,
        entityId: null,
      }),
    ],
    [
      "a web shell's recording",
      recordingRecord({ kind: "shell", pod: null, namespace: null, auditId: null, result: "success" }),
    ],
  ];
  const empty = wholeRecords().map((record): [string, StreamRecord] => [
    `no fields of ${record.surface}`,
    { ...record, entry: {} } as StreamRecord,
  ]);
  const whole = wholeRecords().map((record): [string, StreamRecord] => [
    `all fields of ${record.surface}`,
    record,
  ]);
  return [...whole, ...cases, ...empty, ["a test record", { ...callRecord(), test: true }]];
}
