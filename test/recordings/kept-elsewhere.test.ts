import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET as download } from "../../app/api/v1/recordings/[id]/download/route.ts";
import { GET as playback } from "../../app/api/v1/recordings/[id]/playback/route.ts";
import { GET as segment } from "../../app/api/v1/recordings/[id]/segments/[seq]/route.ts";
import { startRendering } from "../../lib/recordings/playback/jobs/start-rendering.ts";
import { Archiver } from "../../lib/recordings/store/archive/archiver.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { S3_KEYS, type S3Server, startS3Server } from "../../lib/recordings/store/testing/s3-server.ts";
import { record } from "../../lib/recordings/store/testing/store.ts";
import { type ApiClient, createApiClient } from "../audit/api-client.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";

// A session from its first piece to its download, as an installation does it that seals, and keeps recordings elsewhere.

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server();
});
afterAll(() => s3.close());

const SECRET = "the text of the session";
/** A prompt, a command that is typed at it, and what it shows. */
const SHOWN = [
  "root@api-0:/# ",
  ...`echo ${SECRET}`,
  "\r\n",
  ...Array.from({ length: 20 }, (_, index) => `${index}: ${SECRET}\r\n`),
  "root@api-0:/# ",
];

const places = {
  directory: () => ({
    KUBEWITNESS_RECORDINGS_STORE: "directory",
    KUBEWITNESS_RECORDINGS_DIRECTORY: "recordings",
  }),
  bucket: () => ({
    KUBEWITNESS_RECORDINGS_STORE: "bucket",
    KUBEWITNESS_RECORDINGS_BUCKET_ENDPOINT: s3.endpoint,
    KUBEWITNESS_RECORDINGS_BUCKET_REGION: "eu-central-1",
    KUBEWITNESS_RECORDINGS_BUCKET_NAME: "rec",
    KUBEWITNESS_RECORDINGS_BUCKET_ACCESS_KEY: S3_KEYS.accessKey,
    KUBEWITNESS_RECORDINGS_BUCKET_SECRET_KEY: S3_KEYS.secretKey,
  }),
};

describe.each(["directory", "bucket"] as const)("in a %s", (place) => {
  let installation: TestInstallation;
  let client: ApiClient;
  let id: string;
  let object: string;

  beforeAll(async () => {
    installation = await createTestInstallation({
      ...places[place](),
      KUBEWITNESS_RECORDINGS_SEAL: "true",
      KUBEWITNESS_RECORDINGS_SEARCH: "false",
    });
    const { pool, url } = installation;
    const config = { ...installation.config, database: { ...installation.config.database, url } };
    client = await createApiClient();
    const store = openStore(config);
    const rendering = startRendering({ config, databaseUrl: url });
    const { session } = await record(store, SHOWN);
    id = session.recordingId;
    await store.stop();
    const isPrepared = async () => (await pool.query("SELECT 1 FROM recording_playback")).rows.length > 0;
    while (!(await isPrepared())) await delay(50);
    await rendering.stop();
    const archiver = new Archiver({ pool, config, everyMs: 3_600_000 });
    await archiver.runOnce();
    await archiver.stop();
    object = `${new Date(session.startedAt).toISOString().slice(0, 10)}/${id}.recording`;
  }, 60_000);
  afterAll(() => installation.close());

  const get = (route: Parameters<ApiClient["get"]>[0], what: string, params: Record<string, string> = {}) =>
    client.get(route, `/api/v1/recordings/${id}/${what}`, { params: { id, ...params } });
  const fileOf = () => path.join(installation.config.recordings.directory ?? "", object);

  test("nothing of what was shown can be read in PostgreSQL, nor where it lies", async () => {
    const { rows: readable } = await installation.pool.query(
      "SELECT index::text AS text FROM recording_playback UNION ALL SELECT text FROM recording_text",
    );
    expect(readable).toHaveLength(1);
    expect(readable[0].text).not.toContain(SECRET);
    for (const table of ["recording_chunk", "recording_segment"]) {
      const { rows } = await installation.pool.query(`SELECT 1 FROM ${table} WHERE data IS NOT NULL`);
      expect(rows, table).toEqual([]);
    }
    const kept = place === "directory" ? readFileSync(fileOf()) : s3.objects.get(`/rec/${object}`)!;
    expect(kept.length).toBeGreaterThan(1_000);
    expect(kept.includes(SECRET)).toBe(false);
    // Neither as it is, nor as what zstd makes of it: no frame begins in it.
    expect(kept.subarray(0, 4)).not.toEqual(Buffer.from("28b52ffd", "hex"));
  });

  test("it is played", async () => {
    const index = await (await get(playback, "playback")).json();
    expect(index.chain).toMatchObject({ chunks: SHOWN.length, intact: true, problem: null });
    expect(index.markers).toMatchObject([{ label: `echo ${SECRET}`, kind: "command" }]);
    const { seq } = index.segments[0];
    const played = await get(segment, `segments/${seq}`, { seq: String(seq) });
    expect(played.status).toBe(200);
    expect(await played.text()).toContain(SECRET);
  });

  test("it is downloaded as a file with a name", async () => {
    const answer = await get(download, "download?format=text");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toMatch(
      /^attachment; filename="recording-1-[\dT-]+Z\.txt"$/,
    );
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("x-recording-problem")).toBeNull();
    expect(await answer.text()).toBe(`${SHOWN.join("").replaceAll("\r", "")}\n`);
    const refused = await get(download, "download?format=mp4");
    expect([refused.status, (await refused.json()).message]).toEqual([
      400,
      'format: got "mp4"; takes v3, v2 or text',
    ]);
  });

  test("where it is lost, an answer says so and no file does", async () => {
    if (place === "directory") rmSync(fileOf());
    else s3.objects.clear();
    const answer = await get(download, "download?format=v3");
    const last = (await answer.text()).trimEnd().split("\n").at(-1)!;
    expect(JSON.parse(last)[2]).toBe(`NOT WHOLE: Piece 0 of recording ${id} has lost its data.`);
  });

  test("where its place is away, it is asked for later", async () => {
    if (place === "directory") rmSync(path.dirname(path.dirname(fileOf())), { recursive: true });
    else s3.failWith = { status: 503, code: "SlowDown" };
    const answer = await get(download, "download");
    s3.failWith = null;
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(await answer.json()).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`kept in the ${place} that the settings name`),
    });
  });
});
