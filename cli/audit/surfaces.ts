import type { Column } from "../terminal/table.ts";

/** A row of the record; every field as the API has it. */
export interface AuditEntry {
  no: number;
  [field: string]: unknown;
}

interface AuditSurface {
  /** Of the API. */
  path: string;
  columns: readonly Column<AuditEntry>[];
}

const text = (field: string) => (entry: AuditEntry) => entry[field] as string | number | null;
const who = ({ email, name }: AuditEntry) => (email ?? name ?? "") as string;
const failed = (field: string, value: string) => (entry: AuditEntry) =>
  entry[field] === value ? ("red" as const) : undefined;

/** `2026-11-29 01:02:03`, where this machine's clock is. */
function localTime(field: string) {
  return (entry: AuditEntry): string => {
    const at = new Date(String(entry[field]));
    const two = (part: number) => String(part).padStart(2, "0");
    const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
    return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
  };
}

/** What there is to read, by the word of `--record`. */
export const AUDIT_SURFACES = {
  calls: {
    path: "/api/v1/request-audit",
    columns: [
      { title: "NO", value: text("no") },
      { title: "TIME", value: localTime("executedAt") },
      { title: "WHO", value: who, yields: true },
      { title: "CLUSTER", value: text("clusterName"), yields: true },
      { title: "VERB", value: text("verb") },
      { title: "RESOURCE", value: text("resource"), yields: true },
      { title: "NAMESPACE", value: text("namespace"), yields: true },
      { title: "NAME", value: text("resourceName"), yields: true },
      { title: "STATUS", value: text("httpStatus"), colour: failed("result", "failure") },
    ],
  },
  events: {
    path: "/api/v1/event-history",
    columns: [
      { title: "NO", value: text("no") },
      { title: "TIME", value: localTime("happenedAt") },
      { title: "WHO", value: who, yields: true },
      { title: "ACTION", value: text("action") },
      { title: "OPERATION", value: text("operation"), yields: true },
      { title: "TYPE", value: text("entityType") },
      { title: "NAME", value: text("entityName"), yields: true },
      { title: "STATUS", value: text("status"), colour: failed("status", "Failed") },
    ],
  },
  recordings: {
    path: "/api/v1/recordings",
    columns: [
      { title: "NO", value: text("no") },
      { title: "STARTED", value: localTime("startedAt") },
      { title: "WHO", value: who, yields: true },
      { title: "CLUSTER", value: text("clusterName"), yields: true },
      { title: "NAMESPACE", value: text("namespace"), yields: true },
      { title: "POD", value: text("pod"), yields: true },
      { title: "COMMAND", value: text("commandLine"), yields: true },
      { title: "RECORDING", value: text("recordingId") },
    ],
  },
} as const satisfies Record<string, AuditSurface>;

export type RecordName = keyof typeof AUDIT_SURFACES;
