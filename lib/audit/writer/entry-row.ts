import type { KubeRequestEntry, Stage } from "../entry/entry.ts";
import { type DictionaryKind, formatGroups, type Term, type TermIds } from "../store/dictionary.ts";
import { boundedText } from "../store/stored-text.ts";

/** `kube_request.stage` */
export const STAGE_CODE: Record<Stage, number> = { complete: 0, start: 1, end: 2, interrupted: 3 };
/** `kube_request.result` */
export const RESULT_CODE = { failure: 0, success: 1 } as const;
/** `kube_request.access_method` */
export const ACCESS_METHOD_CODE = { CLI: 0, Browser: 1 } as const;

const MAX_NAME_BYTES = 1_024;
const MAX_MESSAGE_BYTES = 2_048;
const MAX_INT4 = 2 ** 31 - 1;
const MAX_INT2 = 2 ** 15 - 1;

/** Each interned column of `kube_request` and the value that an entry has for it. */
const INTERNED: readonly (readonly [string, DictionaryKind, (entry: KubeRequestEntry) => string | null])[] = [
  ["client_ip_id", "clientIp", (entry) => entry.clientIp],
  ["role_id", "role", (entry) => entry.role],
  ["namespace_id", "namespace", (entry) => entry.namespace],
  ["verb_id", "verb", (entry) => entry.verb],
  ["api_group_id", "apiGroup", (entry) => entry.apiGroup],
  ["resource_id", "resource", (entry) => entry.resource],
  ["client_name_id", "clientName", (entry) => entry.clientName],
  ["kubernetes_groups_id", "kubernetesGroups", (entry) => formatGroups(entry.kubernetesGroups)],
  ["impersonated_user_id", "impersonatedUser", (entry) => entry.impersonatedUser],
  ["impersonated_groups_id", "impersonatedGroups", (entry) => formatGroups(entry.impersonatedGroups)],
  ["command_id", "command", (entry) => entry.command],
  ["tunnel_agent_id", "tunnelAgent", (entry) => entry.tunnelAgent],
  ["tunnel_tag_id", "tunnelTag", (entry) => entry.tunnelTag],
];

/** Of a call of somebody unknown, what the gateway itself saw; all else are the client's words. */
const SEEN: ReadonlySet<DictionaryKind> = new Set(["clientIp", "verb"]);

/** The strings of an entry's row that the dictionary holds. */
export function* termsOfEntry(entry: KubeRequestEntry): Generator<Term> {
  const stranger = entry.actor.kind === "anonymous";
  for (const [, kind, read] of INTERNED) {
    const value = read(entry);
    if (value !== null) yield { kind, value, ofStranger: stranger && !SEEN.has(kind) };
  }
}

/** An entry whose message has the words for which there is no room in the dictionary: nothing is lost but that they can be filtered by. */
export function withWordsLeftOut(entry: KubeRequestEntry, ids: TermIds): KubeRequestEntry {
  if (entry.actor.kind !== "anonymous") return entry;
  const leftOut = INTERNED.flatMap(([, kind, read]) => {
    const value = read(entry);
    return value && ids.string(kind, value) === null ? [`${kind} ${JSON.stringify(value)}`] : [];
  });
  if (leftOut.length === 0) return entry;
  return { ...entry, message: `${entry.message ?? ""} [not to be filtered by: ${leftOut.join(", ")}]` };
}

/** A column of the batch's insert: its name, the array type that carries it, and its value for an entry. */
interface Column {
  name: string;
  type: string;
  value: (entry: KubeRequestEntry, ids: TermIds) => string | number | null;
}

const clamped = (value: number | null, max: number): number | null =>
  value === null ? null : Math.max(-max, Math.min(max, Math.trunc(value)));
const optional = (text: string | null, maxBytes: number): string | null =>
  text === null || text === "" ? null : boundedText(text, maxBytes);

/** The columns of `kube_request`, without the number and the ledger. */
export const REQUEST_COLUMNS: readonly Column[] = [
  { name: "executed_at", type: "timestamptz", value: (entry) => new Date(entry.executedAt).toISOString() },
  { name: "bytes_in", type: "bigint", value: (entry) => entry.bytesIn },
  { name: "bytes_out", type: "bigint", value: (entry) => entry.bytesOut },
  { name: "call_id", type: "uuid", value: (entry) => entry.callId },
  { name: "session_id", type: "uuid", value: (entry) => entry.sessionId },
  { name: "token_id", type: "uuid", value: (entry) => entry.tokenId ?? null },
  { name: "recording_id", type: "uuid", value: (entry) => entry.recordingId },
  { name: "actor_id", type: "int", value: (entry, ids) => ids.actor(entry.actor) },
  { name: "cluster_id", type: "int", value: (entry, ids) => ids.cluster(entry.cluster) },
  { name: "duration_ms", type: "int", value: (entry) => clamped(entry.durationMs, MAX_INT4) },
  ...INTERNED.map(([name, kind, read]): Column => {
    return { name, type: "int", value: (entry, ids) => ids.string(kind, read(entry)) };
  }),
  { name: "http_status", type: "smallint", value: (entry) => clamped(entry.httpStatus, MAX_INT2) },
  { name: "exit_code", type: "smallint", value: (entry) => clamped(entry.exitCode, MAX_INT2) },
  { name: "stage", type: "smallint", value: (entry) => STAGE_CODE[entry.stage] },
  { name: "result", type: "smallint", value: (entry) => RESULT_CODE[entry.result] },
  { name: "access_method", type: "smallint", value: (entry) => ACCESS_METHOD_CODE[entry.accessMethod] },
  { name: "resource_name", type: "text", value: (entry) => optional(entry.resourceName, MAX_NAME_BYTES) },
  { name: "message", type: "text", value: (entry) => optional(entry.message, MAX_MESSAGE_BYTES) },
];

/** Types whose values come from elsewhere as text. */
const OF_WORDS: ReadonlySet<string> = new Set(["text", "uuid"]);

/** The arrays of a batch, one a column: as PostgreSQL reads them where no value needs quotes, else as the driver writes them. */
export function columnArrays(
  entries: readonly KubeRequestEntry[],
  ids: TermIds,
): (string | (string | number | null)[])[] {
  return REQUEST_COLUMNS.map(({ type, value }) => {
    const values = entries.map((entry) => value(entry, ids));
    return OF_WORDS.has(type) ? values : plainArray(values);
  });
}

/** An array's text of numbers or times. The driver would look through each for what is to be escaped. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}
