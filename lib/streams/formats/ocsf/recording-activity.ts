import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { callerOf, millisecondsOf, present } from "../facts/record-facts.ts";
import { beginActivity, sourceOf, unmapped } from "./activity.ts";

type RecordingRecord = Extract<StreamRecord, { surface: "recordings" }>;
type Recording = RecordingRecord["entry"];

const others = otherFields(
  "recordings",
  [
    "no",
    "startedAt",
    "endedAt",
    "result",
    "ending",
    "message",
    "name",
    "email",
    "clusterName",
    "namespace",
    "pod",
    "role",
    "clientIp",
    "clientName",
    "kind",
    "durationMs",
    "recordingId",
    "auditId",
    "sessionId",
  ],
  snakeCase,
  asIs,
);

/** The end of a recorded session. OCSF has no class for one: it is an API activity of another kind, `Session Recorded`, beside those of its call. */
export function recordingActivity(record: RecordingRecord): object {
  const { entry } = record;
  return {
    ...beginActivity(record, {
      activity: { other: "Session Recorded" },
      succeeded: entry.result === undefined ? undefined : entry.result === "success",
      correlation: present(entry.auditId ?? entry.recordingId),
    }),
    start_time: millisecondsOf(entry.startedAt),
    end_time: millisecondsOf(entry.endedAt),
    duration: present(entry.durationMs),
    status_code: present(entry.ending),
    status_detail: present(entry.message),
    actor: actorOf(entry),
    api: {
      operation: entry.kind ?? "session",
      service: { name: "kubernetes" },
      request: { uid: entry.auditId ?? entry.recordingId ?? record.id },
    },
    src_endpoint: sourceOf(entry.clientIp),
    dst_endpoint: entry.clusterName ? { name: entry.clusterName, svc_name: "kubernetes" } : undefined,
    http_request: entry.clientName ? { user_agent: entry.clientName } : undefined,
    resources: [
      ...(entry.pod ? [{ type: "pods", namespace: present(entry.namespace), name: entry.pod }] : []),
      { type: "recording", uid: entry.recordingId ?? record.id },
    ],
    unmapped: unmapped(others(entry)),
  };
}

function actorOf(entry: Recording): object {
  return {
    user: {
      name: callerOf(entry),
      display_name: present(entry.name),
      email_addr: present(entry.email),
    },
    session: entry.sessionId ? { uid: entry.sessionId } : undefined,
    authorizations: entry.role ? [{ decision: "allow", policy: { name: entry.role } }] : undefined,
  };
}
