import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { batchOf, calls } from "../testing/batches.ts";
import {
  type GivenAnswer,
  type ReceivedRequest,
  startReceiver,
  type TestReceiver,
} from "../testing/http-receiver.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";

// The bulk API as it is documented: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk

let receiver: TestReceiver;
let documents: Map<string, { "@timestamp"?: string }>;
/** By `_id`: what is said of a document instead of keeping it. */
let items: Record<string, { status: number; error: { type: string; reason: string } }>;
let instead: GivenAnswer | null;

const AUTHORIZED = [`Basic ${Buffer.from("shipper:pa55word").toString("base64")}`, "ApiKey a2V5OnNlY3JldA=="];

function answerBulk({ method, path, headers, body }: ReceivedRequest): GivenAnswer {
  if (instead) return instead;
  if (!AUTHORIZED.includes(headers.authorization ?? ""))
    return { status: 401, body: JSON.stringify({ error: { type: "security_exception" }, status: 401 }) };
  const { pathname } = new URL(path, "http://es");
  if (method !== "POST" || pathname !== "/logs-kubewitness-default/_bulk") return { status: 405 };
  const text = body.toString();
  if (headers["content-type"] !== "application/x-ndjson" || !text.endsWith("\n")) return { status: 406 };
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const answers = lines.flatMap((line, index) => {
    if (index % 2 === 1) return [];
    const id = line.create._id as string;
    const document = lines[index + 1];
    const refused =
      items[id] ?? (documents.has(id) ? EXISTS : undefined) ?? (document["@timestamp"] ? undefined : NO_TIME);
    if (!refused) documents.set(id, document);
    return [{ create: refused ?? { status: 201 } }];
  });
  const errors = answers.some(({ create }) => create.status > 299);
  return { status: 200, body: JSON.stringify({ errors, ...(errors && { items: answers }) }) };
}
const EXISTS = {
  status: 409,
  error: { type: "version_conflict_engine_exception", reason: "document already exists" },
};
const NO_TIME = {
  status: 400,
  error: {
    type: "document_parsing_exception",
    reason: "data stream timestamp field [@timestamp] is missing",
  },
};
const BUSY = {
  status: 429,
  error: { type: "es_rejected_execution_exception", reason: "rejected execution" },
};
const WRONG = {
  status: 400,
  error: { type: "mapper_parsing_exception", reason: "failed to parse field [code]" },
};

beforeAll(async () => {
  permitLoopback();
  receiver = await startReceiver(answerBulk);
  reset();
});
afterAll(() => receiver.close());
afterEach(reset);
function reset(): void {
  documents = new Map();
  items = {};
  instead = null;
  receiver.requests.length = 0;
}

const opened = (settings: object = {}, secrets: object = { apiKey: "a2V5OnNlY3JldA==" }) =>
  open("elasticsearch", { url: receiver.url, ...settings }, secrets);

describe("Elasticsearch and OpenSearch", () => {
  test.each(["native", "ocsf", "kubernetes-audit", "ecs"] as const)(
    "creates documents of the format %s with a time, by id",
    async (format) => {
      const batch = batchOf(undefined, format);
      expect(await sendOnce(opened(), batch)).toEqual({ is: "taken" });
      expect([...documents.keys()]).toEqual(batch.records.map(({ record }) => record.id));
      const [first] = documents.values();
      expect(first).toEqual({
        "@timestamp": "2026-03-01T09:30:00.123Z",
        ...JSON.parse(batch.records[0]!.text),
      });
      expect(Object.keys(first!)[0]).toBe("@timestamp");
    },
  );

  test("what is sent again is no double, and no failure", async () => {
    const batch = batchOf(calls(1, 4));
    await sendOnce(opened(), batch);
    expect(await sendOnce(opened(), batchOf(calls(3, 4)))).toEqual({ is: "taken" });
    expect(documents.size).toBe(6);
  });

  test("a 429 within a 200 comes again, a document that cannot be read never does", async () => {
    const records = calls(1, 4);
    items = { [records[1]!.id]: BUSY, [records[2]!.id]: WRONG };
    expect(await sendOnce(opened(), batchOf(records))).toEqual({
      is: "partly",
      refused: [
        { index: 1, forGood: false, reason: "429 es_rejected_execution_exception: rejected execution" },
        { index: 2, forGood: true, reason: "400 mapper_parsing_exception: failed to parse field [code]" },
      ],
    });
    expect(documents.size).toBe(2);
  });

  test("what is sent is compressed, unless the stream says otherwise", async () => {
    const batch = batchOf(calls(1, 500));
    await sendOnce(opened(), batch);
    await sendOnce(opened({ compress: false }), batch);
    const [small, plain] = receiver.requests;
    expect([small!.headers["content-encoding"], plain!.headers["content-encoding"]]).toEqual([
      "gzip",
      undefined,
    ]);
    expect(small!.body).toEqual(plain!.body);
    expect(small!.sentBytes).toBeLessThan(plain!.sentBytes / 8);
  });

  test("a password counts, and whoever may not write is told so", async () => {
    expect(await sendOnce(opened({ username: "shipper" }, { password: "pa55word" }), batchOf())).toEqual({
      is: "taken",
    });
    const refused = await sendOnce(opened({ username: "shipper" }, { password: "wrong-pass" }), batchOf());
    expect(refused).toMatchObject({
      is: "refused",
      because: "access",
      reason: /401.*check the token or password/,
    });
    expect(JSON.stringify(refused)).not.toMatch(/wrong-pass|c2hpcHBlcjp3cm9uZy1wYXNz/);
  });

  test("an index that may not be written is access, not the records", async () => {
    const records = calls(1, 2);
    const forbidden = {
      status: 403,
      error: { type: "security_exception", reason: "unauthorized for API key" },
    };
    items = Object.fromEntries(records.map(({ id }) => [id, forbidden]));
    expect(await sendOnce(opened(), batchOf(records))).toMatchObject({
      is: "refused",
      because: "access",
      reason: /unauthorized/,
    });
  });

  test.each([
    [
      "busy as a whole",
      { status: 429, headers: { "retry-after": "3" } },
      { is: "later", retryAfterMs: 3_000 },
    ],
    ["too long", { status: 413 }, { is: "tooLarge" }],
    [
      "another program's page",
      { status: 200, body: "<html>" },
      { is: "later", reason: /no answer to a bulk request/ },
    ],
    ["fewer items than were sent", { status: 200, body: '{"errors":true,"items":[]}' }, { is: "later" }],
    ["an answer without an end", { status: 200, body: Buffer.alloc(5_000_000, " ") }, { is: "later" }],
  ])("%s", async (_, answer, expected) => {
    instead = answer;
    expect(await sendOnce(opened(), batchOf())).toMatchObject(expected);
  });
});
