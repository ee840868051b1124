import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { StreamFormat } from "../../formats/schema.ts";
import { variants } from "../../testing/variants.ts";
import { batchOf, calls } from "../testing/batches.ts";
import { startReceiver, type TestReceiver } from "../testing/http-receiver.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";
import { encodeJson } from "./json.ts";
import { type LogRecord, logRecordOf, type Resource, resourceOf, SCOPE } from "./log-record.ts";
import { encodeProtobuf } from "./protobuf.ts";

const NOW = Date.parse("2026-03-01T09:31:00.007Z");

/** Log records as OpenTelemetry's SDK has them: of one resource and one scope. */
function sdkRecords({ attributes }: Resource, records: readonly LogRecord[]) {
  const time = (at: number): [number, number] => [Math.floor(at / 1_000), (at % 1_000) * 1_000_000];
  const resource = { attributes };
  return records.map(({ at, observedAt, ...record }) => ({
    ...record,
    hrTime: time(at),
    hrTimeObserved: time(observedAt),
    droppedAttributesCount: 0,
    instrumentationScope: SCOPE,
    resource,
  })) as never;
}

/** Keys in an order of their own mean the same. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, each]) => [key, sorted(each)]),
  );
};

let receiver: TestReceiver;
const NONE = { status: 200, body: Buffer.alloc(0) };

beforeAll(async () => {
  permitLoopback();
  receiver = await startReceiver(() => NONE);
});
afterAll(() => receiver.close());
afterEach(() => {
  receiver.requests.length = 0;
  receiver.answer = () => NONE;
});

const records = variants().map(([, record]) => record);
const formats: StreamFormat[] = ["native", "ocsf", "kubernetes-audit", "ecs"];

describe("log records of OTLP", () => {
  test.each(formats)(
    "of the format %s are byte by byte what OpenTelemetry's own serializers write",
    (format) => {
      const batch = batchOf(records, format).records;
      const logs = batch.map((each) => logRecordOf(each, NOW));
      const resource = resourceOf(batch);
      const theirs = sdkRecords(resource, logs);
      expect(encodeProtobuf(resource, logs)).toEqual(
        Buffer.from(ProtobufLogsSerializer.serializeRequest(theirs)!),
      );
      const json = JSON.parse(Buffer.from(JsonLogsSerializer.serializeRequest(theirs)!).toString());
      expect(sorted(JSON.parse(encodeJson(resource, logs)))).toEqual(sorted(json));
    },
  );

  test("values of every kind, and bodies past the writer's first room", () => {
    const body = {
      text: "ünï ✓ 𝄞",
      whole: 2 ** 53 - 1,
      below: -42,
      part: 0.5,
      yes: true,
      no: false,
      list: ["a", 1, [null, { deep: [] }]],
      long: "x".repeat(200_000),
    };
    const record: LogRecord = { ...logRecordOf(batchOf(calls(1, 1)).records[0]!, NOW), body };
    const resource = resourceOf(batchOf().records);
    const theirs = ProtobufLogsSerializer.serializeRequest(sdkRecords(resource, [record]))!;
    expect(encodeProtobuf(resource, [record]).equals(Buffer.from(theirs))).toBe(true);
  });

  test("whatever is written where the room ends", () => {
    const [first] = batchOf(calls(1, 1)).records;
    const resource = resourceOf([first!]);
    // The room is 64 KB: each of the fields behind the text comes to stand across its end.
    const lengths = Array.from({ length: 140 }, (_, index) => 65_536 - index * 5);
    const wrong = lengths.filter((length) => {
      const record = { ...logRecordOf(first!, NOW), body: "x".repeat(length) };
      const theirs = ProtobufLogsSerializer.serializeRequest(sdkRecords(resource, [record]))!;
      return !encodeProtobuf(resource, [record]).equals(Buffer.from(theirs));
    });
    expect(wrong).toEqual([]);
  });
});

describe("an OTLP receiver", () => {
  const opened = (settings: object = {}) =>
    open("otlp", { url: receiver.url, ...settings }, { headers: "Api-Key: k-12345" });

  test.each([
    ["protobuf", "application/x-protobuf"],
    ["json", "application/json"],
  ])("gets %s at /v1/logs, with its headers", async (encoding, type) => {
    expect(await sendOnce(opened({ encoding }), batchOf())).toEqual({ is: "taken" });
    const [{ path, headers }] = receiver.requests as [TestReceiver["requests"][0]];
    expect([path, headers["content-type"], headers["api-key"]]).toEqual(["/v1/logs", type, "k-12345"]);
  });

  // ExportLogsServiceResponse{ partial_success{ rejected_log_records: 2, error_message: "no k-12345" } }
  const message = Buffer.from("no k-12345");
  const partial = Buffer.from([8, 2, 18, message.length, ...message]);
  test.each([
    ["protobuf", Buffer.concat([Buffer.from([10, partial.length]), partial])],
    ["json", '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"no k-12345"}}'],
  ])(
    "that rejects some of them in %s is no success, and its words are told without secrets",
    async (encoding, body) => {
      receiver.answer = () => ({ status: 200, body });
      expect(await sendOnce(opened({ encoding }), batchOf())).toEqual({
        is: "refused",
        because: "records",
        reason: "it rejected 2 log records: no [secret]",
      });
    },
  );

  test.each([
    [
      "a warning alone",
      { status: 200, body: '{"partialSuccess":{"errorMessage":"deprecated"}}' },
      { is: "taken" },
    ],
    ["an empty object", { status: 200, body: "{}" }, { is: "taken" }],
    ["a page", { status: 200, body: "<html>" }, { is: "later", reason: /no answer of OTLP/ }],
    ["busy", { status: 503, headers: { "retry-after": "2" } }, { is: "later", retryAfterMs: 2_000 }],
    ["a wrong request", { status: 400 }, { is: "refused", because: "records" }],
  ])("%s", async (_, answer, expected) => {
    receiver.answer = () => answer;
    expect(await sendOnce(opened({ encoding: "json" }), batchOf())).toMatchObject(expected);
  });
});
