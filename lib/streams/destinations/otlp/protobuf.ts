import { type AnyValue, type LogRecord, type Resource, SCOPE } from "./log-record.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/**
 * `ExportLogsServiceRequest` in Protocol Buffers. The numbers are those of opentelemetry-proto's collector/logs/v1, logs/v1, common/v1 and resource/v1.
 * https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto
 */
export function encodeProtobuf(resource: Resource, records: readonly LogRecord[]): Buffer {
  const writer = new ProtobufWriter();
  // resource_logs = 1 { resource = 1, scope_logs = 2 { scope = 1, log_records = 2 } }
  writer.message(1, () => {
    writer.message(1, () => {
      writeFields(writer, 1, resource.attributes);
      writer.uint32(2, NONE_DROPPED);
    });
    writer.message(2, () => {
      writer.message(1, () => {
        writer.string(1, SCOPE.name);
        writer.string(2, SCOPE.version);
      });
      for (const record of records) writer.message(2, () => writeRecord(writer, record));
    });
  });
  return writer.finish();
}

/** `dropped_attributes_count`, as OpenTelemetry's own serializers write it. */
const NONE_DROPPED = 0;

/**
 * LogRecord: time_unix_nano = 1, severity_number = 2, severity_text = 3, body = 5, attributes = 6, dropped_attributes_count = 7,
 * observed_time_unix_nano = 11, event_name = 12.
 */
function writeRecord(writer: ProtobufWriter, record: LogRecord): void {
  writer.fixed64(1, nanoseconds(record.at));
  writer.uint32(2, record.severityNumber);
  writer.string(3, record.severityText);
  writer.message(5, () => writeValue(writer, record.body));
  writeFields(writer, 6, record.attributes);
  writer.uint32(7, NONE_DROPPED);
  writer.fixed64(11, nanoseconds(record.observedAt));
  writer.string(12, record.eventName);
}

const nanoseconds = (milliseconds: number) => BigInt(milliseconds) * 1_000_000n;

/** Repeated KeyValue: key = 1, value = 2. */
function writeFields(
  writer: ProtobufWriter,
  field: number,
  fields: Readonly<Record<string, AnyValue>>,
): void {
  for (const [key, value] of Object.entries(fields)) {
    writer.message(field, () => {
      writer.string(1, key);
      writer.message(2, () => writeValue(writer, value));
    });
  }
}

/** AnyValue: string_value = 1, bool_value = 2, int_value = 3, double_value = 4, array_value = 5, kvlist_value = 6. */
function writeValue(writer: ProtobufWriter, value: AnyValue): void {
  if (value === null) return;
  if (typeof value === "string") writer.string(1, value);
  else if (typeof value === "boolean") writer.uint32(2, value ? 1 : 0);
  else if (typeof value === "number") {
    if (Number.isSafeInteger(value)) writer.int64(3, value);
    else writer.double(4, value);
  } else if (isList(value)) {
    writer.message(5, () => {
      for (const each of value) writer.message(1, () => writeValue(writer, each));
    });
  } else writer.message(6, () => writeFields(writer, 1, value));
}

const isList = (value: AnyValue): value is readonly AnyValue[] => Array.isArray(value);
