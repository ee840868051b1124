import { zstdCompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../test/installation.ts";
import { type Context, systemContext } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import type { RecordedSession } from "../recorded-session.ts";
import { chainHash, firstHash } from "../store/chain-hash.ts";
import type { Chunk } from "../store/chunk.ts";
import { openStore, type RecordingStore } from "../store/recording-store.ts";
import { testEnd, testSession } from "../store/testing/recorded.ts";
import { watchSession } from "./watch-session.ts";

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
let session: RecordedSession;
let chunks: Chunk[];

beforeAll(async () => {
  installation = await createTestInstallation();
  store = openStore({
    ...installation.config,
    database: { ...installation.config.database, url: installation.url },
  });
});
let watching: AbortController;
beforeEach(async () => {
  watching = new AbortController();
  session = testSession();
  chunks = [];
  await store.begin(session);
});
afterEach(() => watching.abort());
afterAll(async () => {
  await store.stop();
  await installation.close();
});

/** Adds a chunk of these events, a tenth of a second each; the first has the header. */
async function show(...events: [code: string, data: string][]): Promise<void> {
  const before = chunks.at(-1);
  const seq = chunks.length;
  const header = seq === 0 ? [JSON.stringify({ version: 3, term: { cols: 90, rows: 30 } })] : [];
  const lines = events.map(([code, data]) => JSON.stringify([0.1, code, data]));
  const data = zstdCompressSync(`${[...header, ...lines].join("\n")}\n`);
  const fromMs = (before?.toMs ?? 0) + 100;
  const times = { fromMs, toMs: fromMs + (events.length - 1) * 100 };
  const outputBytes = events.reduce(
    (sum, [code, text]) => sum + (code === "o" ? Buffer.byteLength(text) : 0),
    0,
  );
  const hash = chainHash(before?.hash ?? firstHash(session.recordingId), { seq, ...times, data });
  const { recordingId, startedAt } = session;
  const chunk = { recordingId, startedAt, seq, ...times, outputBytes, data, hash };
  chunks.push(chunk);
  await store.append(chunk);
}

/** Watches, and collects what comes. */
async function watch(signal = watching.signal) {
  const begin = await watchSession({ ctx: auditor, input: { id: session.recordingId } });
  const messages: { name: string; data: unknown }[] = [];
  const reader = begin(signal);
  let rest = "";
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of reader) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
        if (name !== undefined) messages.push({ name, data: JSON.parse(data ?? "") });
      }
    }
  })();
  const shown = () =>
    messages
      .flatMap(({ name, data }) =>
        name === "events" ? (data as { events: [number, string, string][] }).events : [],
      )
      .map(([, , data]) => data)
      .join("");
  return { messages, shown, ended };
}

test("what was shown comes first, with the terminal's size, then what is shown as it is, then the end", async () => {
  await show(["o", "before\r\n"]);
  const { messages, shown, ended } = await watch();
  await expect.poll(shown, { timeout: 20_000 }).toBe("before\r\n");
  expect(messages[0]).toEqual({ name: "size", data: { columns: 90, rows: 30 } });
  await show(["o", "after "], ["r", "100x40"], ["f", "{}"], ["o", "it"]);
  await expect.poll(shown, { timeout: 20_000 }).toBe("before\r\nafter 100x40it");
  expect(messages.at(-1)).toEqual({
    name: "events",
    data: {
      events: [
        [200, "o", "after "],
        [300, "r", "100x40"],
        [500, "o", "it"],
      ],
    },
  });
  await store.finish(testEnd(session, chunks));
  await ended;
  expect(messages.at(-1)).toEqual({ name: "end", data: { reason: "over", problem: null } });
});

test("of much, the last two megabytes come, in the size that the terminal had there", async () => {
  await show(["r", "111x37"]);
  const megabyte = "x".repeat(2 ** 20);
  for (const mark of ["one", "two", "three"]) await show(["o", `${mark}${megabyte.slice(mark.length)}`]);
  const { messages, shown } = await watch();
  await expect.poll(() => shown().length, { timeout: 20_000 }).toBe(2 * 2 ** 20);
  expect(shown().slice(0, 3)).toBe("two");
  expect(messages[0]).toEqual({ name: "size", data: { columns: 111, rows: 37 } });
  // Whoever comes later gets no more.
  await show(["o", "four"]);
  await expect.poll(() => shown().slice(-4), { timeout: 20_000 }).toBe("four");
  const later = await watch();
  await expect.poll(() => later.shown().slice(-4), { timeout: 20_000 }).toBe("four");
  expect(later.shown().slice(0, 5)).toBe("three");
  expect(later.messages[0]).toEqual({ name: "size", data: { columns: 111, rows: 37 } });
});

test("many who watch one session cost one reading of it", async () => {
  await show(["o", "hello"]);
  const watchers = await Promise.all(Array.from({ length: 100 }, () => watch()));
  for (const { shown } of watchers) await expect.poll(shown, { timeout: 20_000 }).toBe("hello");
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  pool().on("acquire", count);
  await show(["o", " and "]);
  await show(["o", "goodbye"]);
  for (const { shown } of watchers) await expect.poll(shown, { timeout: 20_000 }).toBe("hello and goodbye");
  pool().off("acquire", count);
  // A look is a handful of statements, however many watch.
  expect(statements).toBeLessThan(watchers.length);
});

test("who does not read holds a bounded queue, and is cut off", async () => {
  await show(["o", "hello"]);
  const begin = await watchSession({ ctx: auditor, input: { id: session.recordingId } });
  const idle = begin(watching.signal).getReader();
  const reading = await watch();
  const much = "y".repeat(2 ** 20);
  for (let count = 0; count < 20; count++) await show(["o", much]);
  await expect.poll(() => reading.shown().length, { timeout: 20_000 }).toBe(20 * 2 ** 20 + 5);
  const left = [];
  for (let read = await idle.read(); !read.done; read = await idle.read()) left.push(read.value.length);
  expect(left.reduce((sum, length) => sum + length, 0)).toBeLessThan(17 * 2 ** 20);
});

test("that somebody watches is an event; what is over, unknown or not permitted is not watched", async () => {
  const { ended } = await watch();
  const [event] = (await readEvents(installation)).filter(({ entityId }) => entityId === session.recordingId);
  expect(event).toMatchObject({
    action: "View",
    operation: "View",
    entityType: "Recording",
    entityName: "exec payments/api-0 by alice@example.com, as it runs",
    actorName: "bob@acme.example",
  });
  await store.finish(testEnd(session, chunks));
  await ended;
  await expect(watch()).rejects.toMatchObject({ code: "conflict" });
  session = testSession();
  await expect(watch()).rejects.toMatchObject({ code: "not_found" });
  const user: Context = { ...auditor, actor: { ...auditor.actor, consoleRole: "user" } as Context["actor"] };
  await expect(watchSession({ ctx: user, input: { id: session.recordingId } })).rejects.toMatchObject({
    code: "permission_denied",
  });
});

test("a piece that was changed ends it, and is named", async () => {
  await show(["o", "one"]);
  await show(["o", "two"]);
  const flip = "set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1)";
  await installation.pool.query(
    `update recording_chunk set data = ${flip} where recording_id = $1 and seq = 1`,
    [session.recordingId],
  );
  const { messages, shown, ended } = await watch();
  await ended;
  expect(shown()).toBe("one");
  expect(messages.at(-1)).toEqual({
    name: "end",
    data: { reason: "broken", problem: expect.stringMatching(/^Piece 1 .* was changed/) },
  });
});

test("ends with its signal at once", async () => {
  await show(["o", "hello"]);
  const right = new AbortController();
  const { shown, ended, messages } = await watch(right.signal);
  await expect.poll(shown, { timeout: 20_000 }).toBe("hello");
  right.abort();
  await ended;
  await show(["o", "secret"]);
  expect(shown()).toBe("hello");
  expect(messages.at(-1)?.name).toBe("events");
});
