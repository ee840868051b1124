import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../../test/installation.ts";
import { auditScope } from "../../../access/permission.ts";
import { onPostgres, type RunSql } from "../../../audit/store/sql.ts";
import { type ConsoleRole, type Context, systemContext } from "../../../context.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import { searchRecording } from "../../search/search-recording.ts";
import { openStore, type RecordingStore } from "../../store/recording-store.ts";
import { record } from "../../store/testing/store.ts";
import { getPlayback } from "../read/get-playback.ts";
import { getSegment } from "../read/get-segment.ts";
import { type RenderWork, renderJob } from "./render-job.ts";
import {
  claimRender,
  failRender,
  LeaseLost,
  MOST_ATTEMPTS,
  type RenderJob,
  retryRenders,
} from "./render-queue.ts";
import { startRendering } from "./start-rendering.ts";

let installation: TestInstallation;
let store: RecordingStore;
let run: RunSql;
let work: RenderWork;

beforeAll(async () => {
  installation = await createTestInstallation();
  const { config, url, pool } = installation;
  store = openStore({ ...config, database: { ...config.database, url } });
  run = onPostgres(pool);
  work = { pool, config, redactPatterns: [/hunter\d/] };
});
afterAll(async () => {
  await store.stop();
  await installation.close();
});

let people = 0;
/** Somebody new each time, with that role in the console. */
function person(consoleRole: ConsoleRole): Context {
  const id = `00000000-0000-4000-8000-${String(++people).padStart(12, "0")}`;
  const who = { id, name: "Bob", email: "bob@acme.example", groups: [], groupIds: [] };
  return { ...systemContext("test"), actor: { kind: "user", ...who, consoleRole } };
}

const asking = (ctx: Context, { recordingId: id }: RecordedSession) => {
  return { ctx, scope: auditScope(ctx), input: { id } };
};
const SHOWN = ["/ # ", "mysql -phunter2\r\n", "welcome to größe\r\n/ # ", "exit\r\n"];

/** Prepares what there is to prepare, here. */
async function prepareAll(): Promise<void> {
  for (let job = await claimRender(run); job; job = await claimRender(run)) await renderJob(work, job);
}

/** Takes the job of a recording; others that are there are done first. */
async function claimOf({ recordingId }: RecordedSession): Promise<RenderJob> {
  for (let job = await claimRender(run); job; job = await claimRender(run)) {
    if (job.recordingId === recordingId) return job;
    await renderJob(work, job);
  }
  throw new Error("its job is not there to be taken");
}

async function prepared(shown = SHOWN): Promise<RecordedSession> {
  const { session } = await record(store, shown);
  await prepareAll();
  return session;
}

test("a thread prepares a recording as soon as its session has ended", async () => {
  const rendering = startRendering({ config: installation.config, databaseUrl: installation.url });
  try {
    const { session } = await record(store, SHOWN);
    const auditor = person("auditor");
    const index = await vi.waitFor(() => getPlayback(asking(auditor, session)), { timeout: 30_000 });
    expect(index).toMatchObject({ durationMs: 60_000, chain: { chunks: 4, intact: true, problem: null } });
    expect(index.markers.map(({ label }) => label)).toEqual(["mysql -p[redacted 7 bytes]", "exit"]);
    const { rows } = await installation.pool.query("SELECT commands FROM recording WHERE recording_id = $1", [
      session.recordingId,
    ]);
    expect(rows).toEqual([{ commands: 2 }]);
  } finally {
    await rendering.stop();
  }
}, 60_000);

describe("reading", () => {
  test("each asking for the index is an event, and so is a segment that is asked for without it", async () => {
    const session = await prepared();
    const [one, other] = [person("auditor"), person("auditor")];
    await getPlayback(asking(one, session));
    await getPlayback(asking(one, session));
    const input = { id: session.recordingId, seq: 0 };
    await getSegment({ ...asking(one, session), input });
    await getSegment({ ...asking(other, session), input });
    await getSegment({ ...asking(other, session), input });
    const events = await readEvents(installation);
    const own = events.filter(({ entityId }) => entityId === session.recordingId);
    expect(own.map(({ operation, entityType }) => `${operation} ${entityType}`)).toEqual([
      "Playback Recording",
      "Playback Recording",
      "Playback Recording",
    ]);
    expect(own[0]).toMatchObject({ action: "View", entityName: "exec payments/api-0 by alice@example.com" });
  });

  test("a segment has the screen and the events of the recording", async () => {
    const session = await prepared();
    const json = await getSegment({
      ...asking(person("auditor"), session),
      input: { id: session.recordingId, seq: 0 },
    });
    expect(JSON.parse(json.toString())).toEqual({
      snapshot: { columns: 80, rows: 24, init: "" },
      events: SHOWN.map((text, index) => [(index + 1) * 100, "o", text]),
    });
    await expect(
      getSegment({ ...asking(person("auditor"), session), input: { id: session.recordingId, seq: 1 } }),
    ).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining("no segment 1") });
  });

  test("a search finds what was typed and shown, without secrets of commands, and is one event", async () => {
    const session = await prepared();
    const auditor = person("auditor");
    const search = (q: string) =>
      searchRecording({ ...asking(auditor, session), input: { id: session.recordingId, q } });
    expect(await search("WELCOME")).toEqual({
      hits: [{ atMs: 300, kind: "output", text: "welcome to größe" }],
      more: false,
    });
    await search("WELCOME");
    expect((await search("GRÖSSE")).hits).toEqual([]);
    expect((await search("GRÖßE")).hits).toHaveLength(1);
    expect((await search("mysql")).hits.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "command: mysql -p[redacted 7 bytes]",
      "output: / # mysql -p[redacted 7 bytes]",
    ]);
    expect((await search("hunter2")).hits).toEqual([]);
    const events = await readEvents(installation);
    const own = events.filter(
      ({ entityId, operation }) => entityId === session.recordingId && operation === "Search",
    );
    expect(own).toHaveLength(5);
  });

  test("nothing is told to who may not play, not even of a session of their own", async () => {
    const session = await prepared();
    const user = person("user");
    const { input } = asking(user, session);
    const refused = { code: "permission_denied", message: expect.stringContaining("recordings:play") };
    await expect(getPlayback(asking(user, session))).rejects.toMatchObject(refused);
    await expect(getSegment({ ...asking(user, session), input: { ...input, seq: 0 } })).rejects.toMatchObject(
      refused,
    );
    await expect(
      searchRecording({ ...asking(user, session), input: { ...input, q: "ls" } }),
    ).rejects.toMatchObject(refused);
  });

  test("a recording that runs, and one that is being prepared, say so", async () => {
    const { session } = await record(store, SHOWN);
    const auditor = person("auditor");
    await expect(getPlayback(asking(auditor, session))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("being prepared"),
    });
    await prepareAll();
    const unknown = { ...session, recordingId: "00000000-0000-4000-8000-000000000000" };
    await expect(getPlayback(asking(auditor, unknown))).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a chain that broke", () => {
  const change = (session: RecordedSession, seq: number) =>
    installation.pool.query(
      "UPDATE recording_chunk SET data = set_byte(data, length(data) - 1, (get_byte(data, length(data) - 1) + 1) % 256) WHERE recording_id = $1 AND seq = $2",
      [session.recordingId, seq],
    );

  test("before it was prepared plays up to the break, and names the piece", async () => {
    const { session } = await record(store, SHOWN);
    await change(session, 2);
    await prepareAll();
    const index = await getPlayback(asking(person("auditor"), session));
    expect(index.chain).toMatchObject({
      intact: false,
      problem: expect.stringMatching(/^Piece 2 was changed/),
    });
    const json = await getSegment({
      ...asking(person("auditor"), session),
      input: { id: session.recordingId, seq: 0 },
    });
    expect(JSON.parse(json.toString()).events).toHaveLength(2);
  });

  test("since then is noticed when it is played", async () => {
    const session = await prepared();
    await installation.pool.query("DELETE FROM recording_chunk WHERE recording_id = $1 AND seq = 3", [
      session.recordingId,
    ]);
    const index = await getPlayback(asking(person("auditor"), session));
    expect(index.chain).toMatchObject({ intact: false, problem: "Piece 3 is missing." });
  });
});

describe("what is kept", () => {
  const rowsOf = async (table: string, { recordingId }: RecordedSession) =>
    (await installation.pool.query(`SELECT * FROM ${table} WHERE recording_id = $1`, [recordingId])).rows;

  test("segments are sealed where recordings are, and no text is kept where none is to be searched", async () => {
    const { session } = await record(store, SHOWN);
    const recordings = { ...installation.config.recordings, seal: true, search: false };
    await renderJob({ ...work, config: { ...installation.config, recordings } }, await claimOf(session));
    const [playback] = await rowsOf("recording_playback", session);
    expect(JSON.stringify(playback.index)).not.toContain("mysql");
    expect((await getPlayback(asking(person("auditor"), session))).markers).toHaveLength(2);
    const [segment] = await rowsOf("recording_segment", session);
    expect(segment.sealed).toBe(true);
    expect(() => zstdDecompressSync(segment.data)).toThrow();
    expect(await rowsOf("recording_text", session)).toEqual([]);
    const input = { id: session.recordingId, seq: 0 };
    const json = await getSegment({ ...asking(person("auditor"), session), input });
    expect(json.toString()).toContain("welcome");
  });

  test("output that is more work than a terminal is given is kept as lines, all of it", async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n}\x1b[24L\r\n`);
    const { session } = await record(store, [lines.join(""), "the last\r\n"]);
    await renderJob({ ...work, allowed: { seconds: 0, secondsPerMegabyte: 0 } }, await claimOf(session));
    const index = await getPlayback(asking(person("auditor"), session));
    expect(index).toMatchObject({ tty: true, chain: { intact: true } });
    expect(index.leftOut).toEqual([expect.stringMatching(/^the terminal's screens/)]);
    const search = {
      ...asking(person("auditor"), session),
      input: { id: session.recordingId, q: "the last" },
    };
    expect((await searchRecording(search)).hits).toHaveLength(1);
  });

  test("a second try takes away what the first one left", async () => {
    const { session } = await record(store, SHOWN);
    await prepareAll();
    await installation.pool.query(
      "INSERT INTO recording_render (recording_id, started_at) VALUES ($1, to_timestamp($2 / 1000.0))",
      [session.recordingId, session.startedAt],
    );
    await prepareAll();
    expect(await rowsOf("recording_segment", session)).toHaveLength(1);
    expect(await rowsOf("recording_playback", session)).toHaveLength(1);
    expect((await rowsOf("recording_text", session)).length).toBe(3);
  });
});

describe("jobs of several replicas", () => {
  const expire = ({ recordingId }: RenderJob) =>
    installation.pool.query(
      "UPDATE recording_render SET lease_until = now() - interval '1 s' WHERE recording_id = $1",
      [recordingId],
    );

  test("one recording is prepared by one of them", async () => {
    await prepareAll();
    await record(store, SHOWN);
    await record(store, SHOWN);
    const claimed = await Promise.all(Array.from({ length: 6 }, () => claimRender(run)));
    const jobs = claimed.filter((job) => job !== null);
    expect(new Set(jobs.map(({ recordingId }) => recordingId)).size).toBe(2);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) await renderJob(work, job);
  });

  test("who lost the lease writes nothing more", async () => {
    const { session } = await record(store, SHOWN);
    const slow = await claimOf(session);
    await expire(slow);
    const other = await claimOf(session);
    expect(other.recordingId).toBe(slow.recordingId);
    await expect(renderJob(work, slow)).rejects.toThrow(LeaseLost);
    await renderJob(work, other);
    expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
  });

  test("a failure is tried again later, five times; then somebody has to ask", async () => {
    const { session } = await record(store, SHOWN);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const job = await claimOf(session);
      expect(job.attempts).toBe(attempt);
      await failRender(run, job, "No space left.");
      expect(await claimRender(run)).toBeNull();
      if (attempt < MOST_ATTEMPTS)
        await run("UPDATE recording_render SET not_before = now() WHERE recording_id = $1::uuid", [
          session.recordingId,
        ]);
    }
    await expect(getPlayback(asking(person("auditor"), session))).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("No space left."),
    });
    await prepareAll();
    expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
  });

  test("what ended its process is prepared without a terminal", async () => {
    const { session } = await record(store, SHOWN);
    await expire(await claimOf(session));
    await prepareAll();
    const { leftOut } = await getPlayback(asking(person("auditor"), session));
    expect(leftOut).toEqual([expect.stringMatching(/^the terminal's screens/)]);
  });

  test("what ended its process each time is given up, and tried again at the next start", async () => {
    const { session } = await record(store, SHOWN);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) await expire(await claimOf(session));
    expect(await claimRender(run)).toBeNull();
    await retryRenders(run, null);
    await prepareAll();
    expect((await getPlayback(asking(person("auditor"), session))).segments).toHaveLength(1);
  });
});
