import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readEvents } from "../../../../test/installation.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import { searchRecording } from "../../search/search-recording.ts";
import { record } from "../../store/testing/store.ts";
import { getPlayback } from "../read/get-playback.ts";
import { getSegment } from "../read/get-segment.ts";
import { renderJob } from "./render-job.ts";
import { startRendering } from "./start-rendering.ts";
import { asking, createRenderLab, person, type RenderLab, SHOWN } from "./testing/render-lab.ts";

let lab: RenderLab;
beforeAll(async () => {
  lab = await createRenderLab();
});
afterAll(() => lab.close());

test("a thread prepares a recording as soon as its session has ended", async () => {
  const rendering = startRendering({ config: lab.installation.config, databaseUrl: lab.installation.url });
  try {
    const { session } = await record(lab.store, SHOWN);
    const auditor = person("auditor");
    const index = await vi.waitFor(() => getPlayback(asking(auditor, session)), { timeout: 30_000 });
    expect(index).toMatchObject({ durationMs: 60_000, chain: { chunks: 4, intact: true, problem: null } });
    expect(index.markers.map(({ label }) => label)).toEqual(["mysql -p[redacted 7 bytes]", "exit"]);
    const { rows } = await lab.installation.pool.query(
      "SELECT commands FROM recording WHERE recording_id = $1",
      [session.recordingId],
    );
    expect(rows).toEqual([{ commands: 2 }]);
  } finally {
    await rendering.stop();
  }
}, 60_000);

describe("reading", () => {
  test("each asking for the index is an event, and so is a segment that is asked for without it", async () => {
    const session = await lab.prepared();
    const [one, other] = [person("auditor"), person("auditor")];
    await getPlayback(asking(one, session));
    await getPlayback(asking(one, session));
    const input = { id: session.recordingId, seq: 0 };
    await getSegment({ ...asking(one, session), input });
    await getSegment({ ...asking(other, session), input });
    await getSegment({ ...asking(other, session), input });
    const events = await readEvents(lab.installation);
    const own = events.filter(({ entityId }) => entityId === session.recordingId);
    expect(own.map(({ operation, entityType }) => `${operation} ${entityType}`)).toEqual([
      "Playback Recording",
      "Playback Recording",
      "Playback Recording",
    ]);
    expect(own[0]).toMatchObject({ action: "View", entityName: "exec payments/api-0 by alice@example.com" });
  });

  test("a segment has the screen and the events of the recording", async () => {
    const session = await lab.prepared();
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
    const session = await lab.prepared();
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
    await search("mysql --password=sesame");
    const events = await readEvents(lab.installation);
    const own = events.filter(
      ({ entityId, operation }) => entityId === session.recordingId && operation === "Search",
    );
    expect(own).toHaveLength(6);
    expect(own.at(-1)!.requestBody).toEqual({ q: "mysql --password=[redacted 6 bytes]" });
  });

  test("nothing is told to who may not play, not even of a session of their own", async () => {
    const session = await lab.prepared();
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
    const { session } = await record(lab.store, SHOWN);
    const auditor = person("auditor");
    await expect(getPlayback(asking(auditor, session))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("being prepared"),
    });
    await lab.prepareAll();
    const unknown = { ...session, recordingId: "00000000-0000-4000-8000-000000000000" };
    await expect(getPlayback(asking(auditor, unknown))).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a chain that broke", () => {
  const change = (session: RecordedSession, seq: number) =>
    lab.installation.pool.query(
      "UPDATE recording_chunk SET data = set_byte(data, length(data) - 1, (get_byte(data, length(data) - 1) + 1) % 256) WHERE recording_id = $1 AND seq = $2",
      [session.recordingId, seq],
    );

  test("before it was prepared plays up to the break, and names the piece", async () => {
    const { session } = await record(lab.store, SHOWN);
    await change(session, 2);
    await lab.prepareAll();
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
    const session = await lab.prepared();
    await lab.installation.pool.query("DELETE FROM recording_chunk WHERE recording_id = $1 AND seq = 3", [
      session.recordingId,
    ]);
    const index = await getPlayback(asking(person("auditor"), session));
    expect(index.chain).toMatchObject({ intact: false, problem: "Piece 3 is missing." });
  });
});

describe("what is kept", () => {
  test("segments are sealed where recordings are, and no text is kept where none is to be searched", async () => {
    const { session } = await record(lab.store, SHOWN);
    const recordings = { ...lab.installation.config.recordings, seal: true, search: false };
    await renderJob(
      { ...lab.work, config: { ...lab.installation.config, recordings } },
      await lab.claimOf(session),
    );
    const [playback] = await lab.rowsOf<{ index: unknown }>("recording_playback", session);
    expect(JSON.stringify(playback!.index)).not.toContain("mysql");
    expect((await getPlayback(asking(person("auditor"), session))).markers).toHaveLength(2);
    const [segment] = await lab.rowsOf<{ sealed: boolean; data: Buffer }>("recording_segment", session);
    expect(segment!.sealed).toBe(true);
    expect(() => zstdDecompressSync(segment!.data)).toThrow();
    expect(await lab.rowsOf("recording_text", session)).toEqual([]);
    const input = { id: session.recordingId, seq: 0 };
    const json = await getSegment({ ...asking(person("auditor"), session), input });
    expect(json.toString()).toContain("welcome");
  });

  test("output that is more work than a terminal is given is kept as lines, all of it", async () => {
    const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n}\x1b[24L\r\n`);
    const { session } = await record(lab.store, [lines.join(""), "the last\r\n"]);
    await renderJob(
      { ...lab.work, allowed: { seconds: 0, secondsPerMegabyte: 0 } },
      await lab.claimOf(session),
    );
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
    const { session } = await record(lab.store, SHOWN);
    await lab.prepareAll();
    await lab.installation.pool.query(
      "INSERT INTO recording_render (recording_id, started_at) VALUES ($1, to_timestamp($2 / 1000.0))",
      [session.recordingId, session.startedAt],
    );
    await lab.prepareAll();
    expect(await lab.rowsOf("recording_segment", session)).toHaveLength(1);
    expect(await lab.rowsOf("recording_playback", session)).toHaveLength(1);
    expect((await lab.rowsOf("recording_text", session)).length).toBe(3);
  });
});
