import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { BatchRecord } from "../destination/destination.ts";

/** Log audit. https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1 */
const FACILITY = 13;
const NOTICE = 5;
const WARNING = 4;
const BYTE_ORDER_MARK = "\ufeff";

export interface MessageOrigin {
  /** Of whoever sends. */
  hostname: string;
  enterpriseNumber: number;
}

/**
 * A message of RFC 5424 with its length before it (octet counting: RFC 5425 for TLS, RFC 6587 for TCP), so that it may hold line breaks. Its text is the record
 * as the stream's format writes it; what a receiver sorts by is in the structured data as well.
 */
export function writeMessage({ record, text }: BatchRecord, origin: MessageOrigin): Buffer {
  const { hostname, enterpriseNumber } = origin;
  const priority = FACILITY * 8 + (failed(record) ? WARNING : NOTICE);
  const head = `<${priority}>1 ${new Date(record.at).toISOString()} ${printable(hostname, 255)} kubewitness - ${record.surface}`;
  const message = Buffer.from(
    `${head} ${structuredData(record, enterpriseNumber)} ${BYTE_ORDER_MARK}${text}`,
  );
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

function failed({ entry }: StreamRecord): boolean {
  if ("status" in entry) return entry.status === "Failed";
  return "result" in entry && entry.result === "failure";
}

function structuredData(record: StreamRecord, enterpriseNumber: number): string {
  const { email, name, clusterName, namespace, verb, resource } = record.entry as Readonly<
    Record<string, string | null | undefined>
  >;
  const parameters: Record<string, string | null | undefined> = {
    id: record.id,
    no: String(record.no),
    user: email || name,
    cluster: clusterName,
    namespace,
    verb,
    resource,
    ...(record.test ? { test: "true" } : null),
  };
  const written = Object.entries(parameters)
    .filter(([, value]) => value)
    .map(([key, value]) => ` ${key}="${parameterValue(value!)}"`);
  return `[kubewitness@${enterpriseNumber}${written.join("")}]`;
}

/** Section 6.3.3: `"`, `\` and `]` are escaped. Control characters, which may mean something to who shows them, become blanks. */
function parameterValue(text: string): string {
  return text.replace(/["\\\]]/g, "\\$&").replace(/\p{Cc}/gu, " ");
}

/** Of what may be in the head: printable ASCII. */
function printable(text: string, most: number): string {
  return text.replace(/[^\x21-\x7e]/g, "_").slice(0, most) || "-";
}
