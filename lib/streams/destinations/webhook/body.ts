import type { BatchRecord } from "../destination/destination.ts";

/** How each record of the format Kubernetes audit begins. */
const AUDIT_EVENT = '{"kind":"Event","apiVersion":"audit.k8s.io/v1"';

interface Body {
  type: string;
  /** Null where the records do not go into it. */
  write(records: readonly BatchRecord[]): string | null;
}

const join = (records: readonly BatchRecord[], separator: string) =>
  records.map(({ text }) => text).join(separator);

export const BODIES: Readonly<Record<"array" | "lines" | "event-list", Body>> = {
  array: { type: "application/json", write: (records) => `[${join(records, ",")}]` },
  lines: { type: "application/x-ndjson", write: (records) => `${join(records, "\n")}\n` },
  /** As kube-apiserver posts its batches. https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#webhook-backend */
  "event-list": {
    type: "application/json",
    write: (records) =>
      records.every(({ text }) => text.startsWith(AUDIT_EVENT))
        ? `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${join(records, ",")}]}`
        : null,
  },
};
