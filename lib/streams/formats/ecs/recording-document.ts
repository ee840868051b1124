import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { callerOf, present } from "../facts/record-facts.ts";
import { beginDocument, ownFields, relatedOf, sourceOf } from "./document.ts";

type RecordingRecord = Extract<StreamRecord, { surface: "recordings" }>;

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
    "container",
    "clientIp",
    "clientName",
    "durationMs",
    "commandLine",
    "exitCode",
  ],
  snakeCase,
  asIs,
);

/** The end of a recorded session. */
export function recordingDocument(record: RecordingRecord): object {
  const { entry } = record;
  return {
    ...beginDocument(record, {
      category: ["session"],
      type: ["end"],
      action: `${entry.kind ?? "session"} recorded`,
      succeeded: entry.result === undefined ? undefined : entry.result === "success",
      durationMs: entry.durationMs,
      start: entry.startedAt,
      end: entry.endedAt,
      reason: entry.message,
      code: entry.ending,
    }),
    message: present(entry.message),
    user: { name: callerOf(entry), full_name: present(entry.name), email: present(entry.email) },
    source: sourceOf(entry.clientIp),
    user_agent: entry.clientName ? { original: entry.clientName } : undefined,
    process:
      entry.commandLine || typeof entry.exitCode === "number"
        ? { command_line: present(entry.commandLine), exit_code: present(entry.exitCode) }
        : undefined,
    container: entry.container ? { name: entry.container } : undefined,
    orchestrator: {
      type: "kubernetes",
      cluster: { name: present(entry.clusterName) },
      namespace: present(entry.namespace),
      resource: entry.pod ? { type: "pods", name: entry.pod } : undefined,
    },
    related: relatedOf([entry.email, entry.name], entry.clientIp),
    kubewitness: ownFields(others(entry)),
  };
}
