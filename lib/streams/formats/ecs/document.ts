import type { StreamRecord } from "../../surfaces/stream-record.ts";

/** The version of the schema that the fields are of. */
const ECS_VERSION = "9.4.0";

const DATASETS = {
  requests: "kubewitness.request_audit",
  events: "kubewitness.event_history",
  recordings: "kubewitness.recordings",
} as const satisfies Record<StreamRecord["surface"], string>;

interface Told {
  category: readonly string[];
  type: readonly string[];
  action: string;
  succeeded: boolean | undefined;
  durationMs?: number | null;
  start?: string | null;
  end?: string | null;
  /** Why it came out as it did. */
  reason?: string | null;
  code?: string | null;
}

const NANOSECONDS = 1_000_000;

/** What each document begins with: its time, what kind of event it is, and where it comes from. */
export function beginDocument(record: StreamRecord, told: Told): object {
  return {
    "@timestamp": new Date(record.at).toISOString(),
    ecs: { version: ECS_VERSION },
    event: {
      id: record.id,
      kind: "event",
      module: "kubewitness",
      dataset: DATASETS[record.surface],
      sequence: record.no,
      category: told.category,
      type: told.type,
      action: told.action,
      outcome: told.succeeded === undefined ? "unknown" : told.succeeded ? "success" : "failure",
      duration: told.durationMs ? told.durationMs * NANOSECONDS : undefined,
      start: told.start ?? undefined,
      end: told.end ?? undefined,
      reason: told.reason || undefined,
      code: told.code || undefined,
    },
    observer: { vendor: "Kubewitness", product: "Kubewitness", type: "proxy", name: record.installation },
    ...(record.test ? { tags: ["test"] } : null),
  };
}

export const sourceOf = (ip: string | null | undefined) => (ip ? { address: ip, ip } : undefined);

/** What a search over all documents finds by. */
export function relatedOf(users: readonly (string | null | undefined)[], ip: string | null | undefined) {
  const named = [...new Set(users.filter((user) => !!user))];
  if (named.length === 0 && !ip) return undefined;
  return { user: named.length > 0 ? named : undefined, ip: ip ? [ip] : undefined };
}

/** Fields that the schema has no place for; absent where there are none. */
export function ownFields(fields: Record<string, unknown>): object | undefined {
  return Object.keys(fields).length > 0 ? fields : undefined;
}
