import { type AnyValue, type LogRecord, type Resource, SCOPE } from "./log-record.ts";

/** `ExportLogsServiceRequest` in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export function encodeJson(resource: Resource, records: readonly LogRecord[]): string {
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource.attributes), droppedAttributesCount: 0 },
        scopeLogs: [{ scope: SCOPE, logRecords: records.map(logRecord) }],
      },
    ],
  });
}

function logRecord(record: LogRecord): object {
  return {
    timeUnixNano: nanoseconds(record.at),
    observedTimeUnixNano: nanoseconds(record.observedAt),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: anyValue(record.body),
    eventName: record.eventName,
    attributes: keyValues(record.attributes),
    droppedAttributesCount: 0,
  };
}

/** 64-bit numbers are text in Protobuf's JSON. */
const nanoseconds = (milliseconds: number) => `${milliseconds}000000`;

const keyValues = (fields: Readonly<Record<string, AnyValue>>): object[] =>
  Object.entries(fields).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: AnyValue): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
  if (isList(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

const isList = (value: AnyValue): value is readonly AnyValue[] => Array.isArray(value);
