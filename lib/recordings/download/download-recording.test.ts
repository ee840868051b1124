import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../test/installation.ts";
import { type Context, systemContext } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import type { RecordedSession } from "../recorded-session.ts";
import { openStore, type RecordingStore } from "../store/recording-store.ts";
import { testSession } from "../store/testing/recorded.ts";
import { record } from "../store/testing/store.ts";
import { downloadRecording } from "./download-recording.ts";
import type { DownloadFormat } from "./schema.ts";

const auditor: Context = {
  ...systemContext("test"),
  actor: {
    kind: "user",
    id: "00000000-0000-4000-8000-00000000000a",
    name: "Bob",
    email: "bob@acme.example",
    consoleRole: "auditor",
    groups: [],
    groupIds: [],
  },
};
let installation: TestInstallation;
let store: RecordingStore;
beforeAll(async () => {
  installation = await createTestInstallation();
  store = openStore({
    ...installation.config,
    database: { ...installation.config.database, url: installation.url },
  });
});
afterAll(async () => {
  await store.stop();
  await installation.close();
});

let stopped = 0;
const start = (
  { recordingId: id }: Pick<RecordedSession, "recordingId">,
  format: DownloadFormat,
  ctx = auditor,
  signal = new AbortController().signal,
) => downloadRecording({ ctx, input: { id, format }, watch: () => ({ signal, stop: () => (stopped += 1) }) });
async function download(session: RecordedSession, format: DownloadFormat) {
  const { body, ...file } = await start(session, format);
  return { ...file, text: await new Response(body).text() };
}
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

const FILE = { name: "etc/passwd", size: 12, sha256: "ab", direction: "to" };
const SESSION: Parameters<typeof record>[1] = [
  "\u001b[1m$\u001b[0m ls\r\n",
  ["e", "not found\r\n"],
  ["r", "100x30"],
  ["i", "q"],
  ["m", "get pods"],
  ["f", JSON.stringify(FILE)],
  ["b", JSON.stringify({ stream: "stdout", bytes: 7, sha256: "cd" })],
  ["x", "2"],
];
const FILE_TOLD = "file into the container: etc/passwd, 12 bytes, SHA-256 ab";
const BINARY_TOLD = "stdout was no text: 7 bytes, SHA-256 cd";

describe("a recording that is whole", () => {
  test("is an asciicast v3: intervals, stderr as output, what is no text as markers", async () => {
    const { session } = await record(store, SESSION);
    const { text, mediaType, fileName, problem } = await download(session, "v3");
    expect(linesOf(text)).toEqual([
      { version: 3, term: { cols: 80, rows: 24 } },
      [0.1, "o", "\u001b[1m$\u001b[0m ls\r\n"],
      [0.1, "o", "not found\r\n"],
      [0.1, "r", "100x30"],
      [0.1, "i", "q"],
      [0.1, "m", "get pods"],
      [0.1, "m", FILE_TOLD],
      [0.1, "m", BINARY_TOLD],
      [0.1, "x", "2"],
    ]);
    expect(mediaType).toBe("application/x-asciicast");
    expect(fileName).toMatch(/^recording-\d+-\d{4}-\d\d-\d\dT\d{6}Z\.cast$/);
    expect(problem).toBeNull();
  });

  test("is an asciicast v2: times since the start, and no exit code", async () => {
    const { session } = await record(store, SESSION);
    const lines = linesOf((await download(session, "v2")).text);
    expect(lines[0]).toEqual({ version: 2, width: 80, height: 24 });
    expect(lines.slice(1).map(([time, code]: [number, string]) => [time, code])).toEqual([
      [0.1, "o"],
      [0.2, "o"],
      [0.3, "r"],
      [0.4, "i"],
      [0.5, "m"],
      [0.6, "m"],
      [0.7, "m"],
    ]);
  });

  test("is text without control sequences", async () => {
    const { session } = await record(store, SESSION);
    const { text, mediaType, fileName } = await download(session, "text");
    expect(text).toBe(`$ ls\nnot found\n[${FILE_TOLD}]\n[${BINARY_TOLD}]\n`);
    expect(mediaType).toBe("text/plain; charset=utf-8");
    expect(fileName).toMatch(/\.txt$/);
  });

  test("that showed nothing is a file that says so by being empty, with its header", async () => {
    const { session } = await record(store, []);
    expect(linesOf((await download(session, "v3")).text)).toEqual([
      { version: 3, term: { cols: 80, rows: 24 } },
    ]);
    expect((await download(session, "text")).text).toBe("");
  });
});

describe("a recording that is not", () => {
  async function broken(seq: number) {
    const { session } = await record(store, ["a", "b", "c"]);
    await pool().query("UPDATE recording_chunk SET to_ms = to_ms + 1 WHERE recording_id = $1 AND seq = $2", [
      session.recordingId,
      seq,
    ]);
    return session;
  }
  const told = (seq: number, { recordingId }: RecordedSession) =>
    `NOT WHOLE: Piece ${seq} of recording ${recordingId} was changed after it was written.`;

  test.each(["v3", "v2"] as const)("ends in %s with a marker that names the piece", async (format) => {
    const session = await broken(2);
    const lines = linesOf((await download(session, format)).text);
    expect(lines.slice(1).map(([, code, data]) => [code, data])).toEqual([
      ["o", "a"],
      ["o", "b"],
      ["m", told(2, session)],
    ]);
    const first = await broken(0);
    const nothing = linesOf((await download(first, format)).text);
    expect(nothing).toHaveLength(2);
    expect(nothing[1][2]).toBe(told(0, first));
  });

  test("ends as text with a line that names it", async () => {
    const session = await broken(1);
    expect((await download(session, "text")).text).toBe(`a\n[${told(1, session)}]\n`);
  });

  test("is told of beforehand where it is known", async () => {
    const session = await broken(1);
    await pool().query("INSERT INTO recording_playback VALUES ($1, $2, $3)", [
      new Date(session.startedAt),
      session.recordingId,
      { chain: { problem: "Piece 1 was changed." } },
    ]);
    expect((await download(session, "v3")).problem).toBe("Piece 1 was changed.");
  });
});

test("a download is an event before its first byte, with its format", async () => {
  const { session } = await record(store, ["a"]);
  const { body } = await start(session, "v2");
  const events = (await readEvents(installation)).filter(({ entityId }) => entityId === session.recordingId);
  expect(events).toMatchObject([
    {
      action: "View",
      operation: "Export",
      entityType: "Recording",
      actorName: "bob@acme.example",
      entityName: expect.stringMatching(/^No \d+, as v2$/),
      clusterName: "prod",
      status: "Succeeded",
    },
  ]);
  await body.cancel();
});

test("who may not play it gets nothing of it, and of a session that runs there is no file", async () => {
  const { session } = await record(store, ["a"]);
  const user: Context = { ...auditor, actor: { ...auditor.actor, consoleRole: "user" } as Context["actor"] };
  await expect(start(session, "v3", user)).rejects.toMatchObject({ code: "permission_denied" });
  const running = testSession();
  await store.begin(running);
  await expect(start(running, "v3")).rejects.toMatchObject({ code: "conflict" });
  await expect(start(testSession(), "v3")).rejects.toMatchObject({ code: "not_found" });
});

test("ends where the right ends, and when the client leaves; its place is given back", async () => {
  const { session } = await record(
    store,
    Array.from({ length: 200 }, (_, index) => `${index} ${"x".repeat(1_000)}\r\n`),
  );
  stopped = 0;
  const access = new AbortController();
  const { body } = await start(session, "v3", auditor, access.signal);
  const reader = body.getReader();
  await reader.read();
  access.abort(new AppError("unauthenticated", "Access ended while the answer was sent: it was revoked."));
  await expect(
    (async () => {
      for (;;) if ((await reader.read()).done) return;
    })(),
  ).rejects.toThrow(/Access ended/);
  const { body: left } = await start(session, "v3");
  await left.cancel();
  expect(stopped).toBe(2);
  // More than may be under way at once.
  for (let file = 0; file < 6; file++)
    expect((await download(session, "text")).text.split("\n")).toHaveLength(201);
});
