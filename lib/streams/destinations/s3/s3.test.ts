import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { S3_KEYS, type S3Server, startS3Server } from "../../../recordings/store/testing/s3-server.ts";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord, eventRecord } from "../../testing/records.ts";
import { batchOf, calls } from "../testing/batches.ts";
import { open, permitLoopback, sendOnce } from "../testing/open.ts";
import type { Manifest } from "./manifest.ts";
import { S3Settings } from "./schema.ts";

const STREAM_ID = "0199a000-0000-7000-8000-0000000000ff";
const HOUR = "requests/2026/03/01/09/";
const KEYS = { accessKeyId: S3_KEYS.accessKey, secretAccessKey: S3_KEYS.secretKey };
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const decompress = promisify(zstdDecompress);

let server: S3Server;

beforeAll(async () => {
  permitLoopback();
  server = await startS3Server({ bucket: "audit" });
});
afterAll(() => server.close());
afterEach(() => {
  server.objects.clear();
  server.requests.length = 0;
  server.failWith = null;
});

const opened = (settings: object = {}, secrets: object = KEYS) =>
  open("s3", { endpoint: server.endpoint, region: "eu-central-1", bucket: "audit", ...settings }, secrets);

const objectOf = (name: string) => server.objects.get(`/audit/kubewitness/${name}`)!;
const manifestOf = (folder: string, page = ""): Manifest =>
  JSON.parse(String(objectOf(`${folder}manifest${page}.json`)));
const linesOf = async (name: string) =>
  String(await decompress(objectOf(name)))
    .trimEnd()
    .split("\n");
const dataObjects = () =>
  [...server.objects.keys()]
    .filter((name) => name.endsWith(".zst"))
    .map((name) => name.slice("/audit/kubewitness/".length));

const at = (record: StreamRecord, time: string): StreamRecord => ({ ...record, at: Date.parse(time) });

describe("an S3-compatible bucket", () => {
  test("a batch is one object of its hour, and the manifest has its numbers and hashes", async () => {
    const batch = batchOf(calls(101, 50));
    expect(await sendOnce(opened(), batch)).toEqual({ is: "taken" });
    const name = `${HOUR}000000000000101.ndjson.zst`;
    expect(await linesOf(name)).toEqual(batch.records.map(({ text }) => text));
    const stored = objectOf(name);
    expect(manifestOf(HOUR)).toMatchObject({
      version: 1,
      installation: "https://kubewitness.example",
      stream: { name: "test" },
      objects: [
        {
          name: "000000000000101.ndjson.zst",
          from: 101,
          to: 150,
          records: 50,
          storedBytes: stored.length,
          sha256: sha256(stored),
          contentSha256: sha256(await decompress(stored)),
        },
      ],
    });
    expect(stored.length).toBeLessThan(batch.bytes / 5);
  });

  test("the same records again overwrite themselves, wherever the batch ends this time", async () => {
    await sendOnce(opened(), batchOf(calls(1, 30)));
    const destination = opened();
    await destination.send(batchOf(calls(1, 20)), AbortSignal.timeout(10_000));
    await sendOnce(destination, batchOf(calls(21, 30)));
    expect(dataObjects()).toEqual([`${HOUR}000000000000001.ndjson.zst`, `${HOUR}000000000000021.ndjson.zst`]);
    const numbers = (await Promise.all(dataObjects().map(linesOf))).flat().map((line) => JSON.parse(line).no);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(manifestOf(HOUR).objects.map(({ from, to }) => [from, to])).toEqual([
      [1, 20],
      [21, 50],
    ]);
    for (const { name, sha256: hash } of manifestOf(HOUR).objects)
      expect(sha256(objectOf(HOUR + name))).toBe(hash);
  });

  test("a range that is sent again takes nothing from what was sent before", async () => {
    await sendOnce(opened(), batchOf(calls(101, 50)));
    const before = objectOf(`${HOUR}000000000000101.ndjson.zst`);
    await sendOnce(opened(), { ...batchOf(calls(101, 2)), again: true });
    await sendOnce(opened(), { ...batchOf(calls(101, 1)), again: true });
    expect(objectOf(`${HOUR}000000000000101.ndjson.zst`)).toEqual(before);
    expect(await linesOf(`${HOUR}000000000000101-000000000000102.ndjson.zst`)).toHaveLength(2);
    expect(manifestOf(HOUR).objects.map(({ from, to }) => [from, to])).toEqual([
      [101, 150],
      [101, 102],
      [101, 101],
    ]);
  });

  test("two streams of one prefix: the second one is refused, and overwrites nothing", async () => {
    await sendOnce(opened(), batchOf(calls(101, 50)));
    const manifest = JSON.stringify({
      ...manifestOf(HOUR),
      stream: { id: "0199a000-0000-7000-8000-00000000000a", name: "archive" },
    });
    server.objects.set(`/audit/kubewitness/${HOUR}manifest.json`, Buffer.from(manifest));
    const before = objectOf(`${HOUR}000000000000101.ndjson.zst`);
    expect(await sendOnce(opened(), batchOf(calls(101, 2)))).toEqual({
      is: "refused",
      because: "access",
      reason: `kubewitness/${HOUR}manifest.json is of another stream (archive of https://kubewitness.example): give this one a prefix of its own`,
    });
    expect(objectOf(`${HOUR}000000000000101.ndjson.zst`)).toEqual(before);
    expect(String(objectOf(`${HOUR}manifest.json`))).toBe(manifest);
    const other = opened({ prefix: "other/" });
    expect(await sendOnce(other, batchOf(calls(101, 2)))).toEqual({ is: "taken" });
  });

  test("hours and surfaces have folders of their own", async () => {
    const records = [
      at(callRecord({ no: 7 }), "2026-03-01T09:59:59.999Z"),
      at(callRecord({ no: 8 }), "2026-03-01T10:00:00.000Z"),
      at(callRecord({ no: 9 }), "2026-03-01T09:59:58.000Z"),
    ];
    await sendOnce(opened(), batchOf(records));
    await sendOnce(opened({ prefix: "" }), batchOf([eventRecord()], "ocsf"));
    expect(dataObjects().slice(0, 3)).toEqual([
      `${HOUR}000000000000007.ndjson.zst`,
      "requests/2026/03/01/10/000000000000008.ndjson.zst",
      `${HOUR}000000000000009.ndjson.zst`,
    ]);
    expect(manifestOf(HOUR).objects.map(({ from }) => from)).toEqual([7, 9]);
    expect([...server.objects.keys()]).toContain("/audit/events/2026/03/01/09/manifest.json");
  });

  test("a full manifest is followed by another", async () => {
    const objects = Array.from({ length: 1_000 }, (_, index) => ({
      name: `${index}.ndjson.zst`,
      from: index,
      to: index,
      records: 1,
      bytes: 1,
      storedBytes: 1,
      sha256: "",
      contentSha256: "",
    }));
    const full = { version: 1, installation: "x", stream: { id: STREAM_ID, name: "x" }, objects };
    server.objects.set(`/audit/kubewitness/${HOUR}manifest.json`, Buffer.from(JSON.stringify(full)));
    await sendOnce(opened(), batchOf(calls(5_000, 1)));
    await sendOnce(opened(), batchOf(calls(5_001, 1)));
    expect(manifestOf(HOUR).objects).toHaveLength(1_000);
    expect(manifestOf(HOUR, "-2").objects.map(({ from }) => from)).toEqual([5_000, 5_001]);
  });

  test("a test record lies apart", async () => {
    await sendOnce(opened(), batchOf([{ ...callRecord({ no: 0 }), test: true }]));
    expect(dataObjects()).toEqual([`test/${HOUR}000000000000000.ndjson.zst`]);
  });

  test("a wrong secret, another bucket and a busy storage are told in words, without keys", async () => {
    const wrong = await sendOnce(opened({}, { ...KEYS, secretAccessKey: "another-secret" }), batchOf());
    expect(wrong).toMatchObject({
      is: "refused",
      because: "access",
      reason: /403.*SignatureDoesNotMatch.*check what its token/,
    });
    expect(await sendOnce(opened({ region: "us-east-1" }), batchOf())).toMatchObject({
      is: "refused",
      because: "access",
    });
    server.failWith = { status: 404, code: "NoSuchBucket" };
    expect(await sendOnce(opened(), batchOf())).toMatchObject({
      is: "refused",
      because: "access",
      reason: /NoSuchBucket/,
    });
    server.failWith = { status: 503, code: "SlowDown" };
    expect(await sendOnce(opened(), batchOf())).toMatchObject({ is: "later", reason: /SlowDown/ });
    expect(server.objects.size).toBe(0);
  });

  test("an account that may not list is told what it needs", async () => {
    // What S3 says of an object that is not there, to who may put and get but not list.
    server.failWith = { status: 403, code: "AccessDenied", method: "GET" };
    expect(await sendOnce(opened(), batchOf(calls(1, 1)))).toMatchObject({
      is: "refused",
      because: "access",
      reason: /AccessDenied.*s3:ListBucket/,
    });
  });

  test("what is in the place of a manifest and is none is not overwritten", async () => {
    server.objects.set(`/audit/kubewitness/${HOUR}manifest.json`, Buffer.from("{}"));
    expect(await sendOnce(opened(), batchOf(calls(1, 1)))).toMatchObject({
      is: "refused",
      reason: /is no manifest/,
    });
    expect(String(objectOf(`${HOUR}manifest.json`))).toBe("{}");
  });
});

test.each([
  ["kubewitness/", true],
  ["", true],
  ["a.b/year=2026/", true],
  ["/kubewitness/", false],
  ["../other-bucket/", false],
  ["kubewitness/../", false],
  ["kubewitness/./x", false],
  ["a b/", false],
])("prefix %j: %s", (prefix, taken) => {
  const settings = { endpoint: "https://s3.example.org", bucket: "audit", prefix };
  expect(S3Settings.safeParse(settings).success).toBe(taken);
});

test("an endpoint is an origin, and the bucket no path", () => {
  const parse = (settings: object) =>
    S3Settings.safeParse({ endpoint: "https://s3.example.org", bucket: "audit", ...settings });
  expect(parse({ endpoint: "https://s3.example.org/audit" }).success).toBe(false);
  expect(parse({ bucket: "audit/x" }).success).toBe(false);
  expect(parse({}).success).toBe(true);
});
