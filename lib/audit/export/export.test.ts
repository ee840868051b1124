import { createHash } from "node:crypto";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeEntries } from "../../../test/audit/store-entries.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { auditScope } from "../../access/permission.ts";
import { type Context, systemContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { processState } from "../../process-state.ts";
import { listEvents } from "../event-history/read.ts";
import { readRequestQuery } from "../request-audit/read.ts";
import { createEncoder } from "./encode.ts";
import { getExportManifest } from "./find.ts";
import { ExportFormat } from "./schema.ts";
import { resumeExport, startExport } from "./start.ts";

const from = "2026-11-18T00:00:00.000Z";
const to = "2026-11-21T16:00:00.000Z";
const lastStored = Date.parse("2026-11-20T16:00:00.000Z");
const ctx: Context = {
  actor: {
    kind: "user",
    id: "9d1c3a52-6c0e-4f5e-8a55-1d6f9b0c7e01",
    name: "Ada",
    email: "ada@acme.example",
    consoleRole: "auditor",
    groups: [],
    groupIds: [],
  },
  sourceIp: "203.0.113.9",
  userAgent: "test",
  requestId: "r",
};
const scope = auditScope(ctx);
let database: TestDatabase;
let stored = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await store(5_000, 3);
}, 120_000);
afterAll(() => database.close());

async function store(count: number, seed: number): Promise<void> {
  const entries = [...generateEntries({ count, from: Date.parse(from), to: lastStored, seed })];
  // The last ones may lie beyond the range.
  const within = entries.map((entry) => ({ ...entry, executedAt: Math.min(entry.executedAt, lastStored) }));
  await storeEntries(database.pool, within);
  stored += count;
}
const start = (format: ExportFormat, filter = "") =>
  startExport({
    ctx,
    scope,
    source: "request-audit",
    format,
    read: readRequestQuery({ from, to, timeZone: "UTC", filter }),
  });
const bytesOf = async (body: ReadableStream<Uint8Array>) =>
  Buffer.from(await new Response(body).arrayBuffer());
const forgetCheckpoints = () => processState("audit/export-checkpoints", () => new Map()).clear();

describe.each(ExportFormat.options)("an export as %s", (format) => {
  it("has every row once, and a manifest that tells its hash", async () => {
    const file = await start(format);
    expect(file.rows).toBe(stored);
    expect((await getExportManifest({ scope, id: file.id })).complete).toBe(false);
    const bytes = await bytesOf(file.body);
    const manifest = await getExportManifest({ scope, id: file.id });
    expect(manifest).toMatchObject({
      complete: true,
      rows: stored,
      bytes: bytes.length,
      format,
      from,
      to,
      filter: "",
    });
    expect(manifest.requestedBy).toEqual({
      name: "Ada",
      email: "ada@acme.example",
      id: ctx.actor.kind === "user" && ctx.actor.id,
    });
    expect(manifest.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it.each(["with", "without"])("goes on after any byte, byte for byte, %s a checkpoint", async (kept) => {
    const whole = await start(format, 'verb != "watch"');
    const bytes = await bytesOf(whole.body);
    const hash = (await getExportManifest({ scope, id: whole.id })).sha256;
    // What is recorded meanwhile is not in the file.
    await store(3, kept.length);
    for (const cut of [0, 1, 1_234, bytes.length >> 1, bytes.length - 1, bytes.length]) {
      if (kept === "without") forgetCheckpoints();
      const rest = await resumeExport({ ctx, scope, source: "request-audit", resume: `${whole.id}.${cut}` });
      const end = await bytesOf(rest.body);
      expect(Buffer.concat([bytes.subarray(0, cut), end]).equals(bytes)).toBe(true);
    }
    expect((await getExportManifest({ scope, id: whole.id })).sha256).toBe(hash);
  });
});

it("is an event at its start and at its end, also when the client leaves", async () => {
  const file = await start("ndjson");
  const reader = file.body.getReader();
  await reader.read();
  await reader.cancel();
  const query = {
    timeZone: "UTC",
    from: "now-1h",
    to: "now+1h",
    limit: 10,
    filter: `entityId = "${file.id}"`,
  };
  const { entries } = await listEvents({ ctx: systemContext("test"), scope, query });
  expect(entries.map(({ operation, status, error }) => [operation, status, error])).toEqual([
    ["Export", "Failed", expect.stringMatching(/^The connection ended after \d+ rows\.$/)],
    ["Export", "Succeeded", null],
  ]);
});

it("ends with its reader's right, at once and on the record, and what came is no whole file", async () => {
  const ended = new AbortController();
  let stopped = 0;
  const watch = () => ({ signal: ended.signal, stop: () => (stopped += 1) });
  const read = readRequestQuery({ from, to, timeZone: "UTC" });
  const asked = { ctx, scope, source: "request-audit" as const, format: "ndjson" as const, read };
  const file = await startExport({ ...asked, watch });
  const reader = file.body.getReader();
  await reader.read();
  ended.abort(new AppError("unauthenticated", "Access ended while the answer was sent: it was revoked."));
  await expect(reader.read()).rejects.toThrow("Access ended");
  expect(stopped).toBe(1);
  const query = { timeZone: "UTC", from: "now-1h", to: "now+1h", limit: 10 };
  const filter = `entityId = "${file.id}" AND status = "Failed"`;
  await expect
    .poll(() => listEvents({ ctx: systemContext("test"), scope, query: { ...query, filter } }))
    .toMatchObject({
      entries: [{ error: expect.stringMatching(/it was revoked\. The file ended after \d+ rows\.$/) }],
    });
});

it("waits for its turn where many are asked for, and says so where too many are", async () => {
  const files = await Promise.allSettled(
    Array.from({ length: 120 }, async () => bytesOf((await start("csv", 'verb = "delete"')).body)),
  );
  const refused = files.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(16);
  for (const each of refused) {
    expect(each).toMatchObject({ reason: { code: "resource_exhausted", retryAfterSeconds: 5 } });
  }
  expect(await bytesOf((await start("csv", 'verb = "delete"')).body)).not.toHaveLength(0);
}, 120_000);

it("begins with a byte order mark where that is asked for, counted and hashed like the rest, and CSV alone does", async () => {
  const read = readRequestQuery({ from, to, timeZone: "UTC", filter: "" });
  const asked = { ctx, scope, source: "request-audit" as const, read, byteOrderMark: true };
  const [marked, plain] = [await startExport({ ...asked, format: "csv" }), await start("csv")];
  const [bytes, without] = [await bytesOf(marked.body), await bytesOf(plain.body)];
  expect(bytes.equals(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), without]))).toBe(true);
  expect(without.subarray(0, 3).toString()).not.toContain("\ufeff");
  expect(await getExportManifest({ scope, id: marked.id })).toMatchObject({
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  forgetCheckpoints();
  const rest = await resumeExport({ ctx, scope, source: "request-audit", resume: `${marked.id}.2` });
  expect((await bytesOf(rest.body)).equals(bytes.subarray(2))).toBe(true);
  await expect(startExport({ ...asked, format: "json" })).rejects.toMatchObject({
    code: "invalid_argument",
    details: [{ field: "bom" }],
  });
});

it("keeps no secret that its filter holds, and is not resumed without it", async () => {
  const file = await start("csv", 'command != "mysql --password=hunter2"');
  await bytesOf(file.body);
  const manifest = await getExportManifest({ scope, id: file.id });
  expect(manifest.filter).toBe('command != "mysql --password=[redacted 7 bytes]"');
  const again = resumeExport({ ctx, scope, source: "request-audit", resume: `${file.id}.0` });
  await expect(again).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("filter") });
});

it("is not resumed after more bytes than it has", async () => {
  const file = await start("csv");
  const { length } = await bytesOf(file.body);
  const after = (bytes: number) =>
    resumeExport({ ctx, scope, source: "request-audit", resume: `${file.id}.${bytes}` });
  expect(await bytesOf((await after(length)).body)).toHaveLength(0);
  await expect(after(length + 1)).rejects.toMatchObject({
    code: "invalid_argument",
    details: [{ field: "resume", takes: `at most ${length} bytes, the length of the file` }],
  });
});

it("is nobody else's", async () => {
  const file = await start("csv");
  await bytesOf(file.body);
  const other: Context = {
    ...ctx,
    actor: {
      kind: "user",
      id: "77777777-6c0e-4f5e-8a55-1d6f9b0c7e01",
      name: "Al",
      email: "al@acme.example",
      consoleRole: "user",
      groups: [],
      groupIds: [],
    },
  };
  const asked = { ctx: other, scope: auditScope(other) };
  await expect(getExportManifest({ ...asked, id: file.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(
    resumeExport({ ...asked, source: "request-audit", resume: `${file.id}.0` }),
  ).rejects.toMatchObject({ code: "not_found" });
});

it("writes CSV that no spreadsheet runs", () => {
  const { head, entry } = createEncoder("csv", ["a", "b", "c", "d"]);
  const wide = ["＝1+1", "＋1", "－1", "＠SUM(1)", "﹦1", " =1", "\ufeff=1", "\u200b@x", "\u3000＝1"];
  const cells = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", ...wide, 'q"', "a,b", "plain", "가=1", " x"];
  const text = head + cells.map((a) => entry({ a, b: -5, c: null, d: ["x", "y"] })).join("");
  expect(text.split("\r\n")[0]).toBe("a,b,c,d");
  expect(text.endsWith("\r\n")).toBe(true);
  const parsed = Papa.parse<string[]>(text.trimEnd(), { newline: "\r\n" }).data.slice(1);
  expect(parsed.map(([a]) => a)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    "'\rx",
    "'\nx",
    ...wide.map((cell) => `'${cell}`),
    'q"',
    "a,b",
    "plain",
    "가=1",
    " x",
  ]);
  expect(parsed[0]?.slice(1)).toEqual(["-5", "", "x, y"]);
});
