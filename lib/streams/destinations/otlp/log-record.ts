import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { BatchRecord } from "../destination/destination.ts";

/** `AnyValue`: what JSON can say. Null is a value without one. */
export type AnyValue =
  | null
  | string
  | number
  | boolean
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue };

/** `LogRecord`, before either encoding. https://opentelemetry.io/docs/specs/otel/logs/data-model/ */
export interface LogRecord {
  /** Milliseconds since 1970. */
  at: number;
  observedAt: number;
  severityNumber: number;
  severityText: string;
  /** The record as the stream's format writes it, in its structure. */
  body: AnyValue;
  attributes: Readonly<Record<string, AnyValue>>;
  eventName: string;
}

/** Who tells it: the installation. */
export interface Resource {
  attributes: Readonly<Record<string, AnyValue>>;
}

export const SCOPE = { name: "kubewitness", version: "1" } as const;

const INFO = { severityNumber: 9, severityText: "INFO" } as const;
const WARN = { severityNumber: 13, severityText: "WARN" } as const;

const EVENT_NAMES = {
  requests: "kubewitness.request",
  events: "kubewitness.event",
  recordings: "kubewitness.recording",
} as const satisfies Record<StreamRecord["surface"], string>;

/** Records of one installation: a batch has no others. */
export function resourceOf([first]: readonly BatchRecord[]): Resource {
  return {
    attributes: {
      "service.name": "kubewitness",
      "service.instance.id": first?.record.installation ?? "",
    },
  };
}

/** Attributes by the names that OpenTelemetry has for them, so that a collector routes and searches without looking into the body. */
export function logRecordOf({ record, text }: BatchRecord, observedAt: number): LogRecord {
  const entry = record.entry as Readonly<Record<string, string | null | undefined>>;
  return {
    at: record.at,
    observedAt,
    ...(entry.result === "failure" || entry.status === "Failed" ? WARN : INFO),
    body: JSON.parse(text) as AnyValue,
    attributes: {
      "log.record.uid": record.id,
      "kubewitness.surface": record.surface,
      "kubewitness.no": record.no,
      ...(record.test ? { "kubewitness.test": true } : null),
      ...named("user.name", entry.email || entry.name || entry.sourceName),
      ...named("client.address", entry.clientIp ?? entry.sourceIp),
      ...named("k8s.cluster.name", entry.clusterName),
      ...named("k8s.namespace.name", entry.namespace),
    },
    eventName: EVENT_NAMES[record.surface],
  };
}

const named = (name: string, value: string | null | undefined) => (value ? { [name]: value } : null);
