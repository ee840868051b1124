import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { systemContext } from "../context.ts";
import { createAuthority } from "../pki/issue-certificate.ts";
import { getStream, listStreams } from "./data.ts";
import { listDeadLetters } from "./dead-letters/data.ts";
import { startNumberedReceiver } from "./delivery/testing/numbered-receiver.ts";
import { DESTINATIONS } from "./destinations/schema.ts";
import { createStream, pauseStream, removeStream, resumeStream, updateStream } from "./mutations.ts";
import { replayRange } from "./replays/mutations.ts";
import type { CreateStreamInput } from "./schema.ts";
import { BatchBounds } from "./stored/schema.ts";
import { openStreamSecrets } from "./stored/secrets.ts";
import { testStream, tryStream } from "./trial/mutations.ts";

let db: TestInstallation;
const ctx = systemContext("test");
const SECRET = `whsec_${Buffer.from("s3cret-s3cret-s3cret-s3cret-s3cr").toString("base64")}`;

beforeAll(async () => {
  db = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_STREAMS_ALLOW_LOOPBACK: "true" });
});
afterAll(() => db.close());

let made = 0;
const input = (given: Partial<CreateStreamInput> = {}): CreateStreamInput => ({
  name: `siem ${++made}`,
  kind: "webhook",
  settings: { url: "https://siem.example.org/in" },
  surfaces: { requests: {} },
  ...given,
});
const create = (given: Partial<CreateStreamInput> = {}) => createStream({ ctx, input: input(given) });
const refused = (given: Partial<CreateStreamInput>) => expect(create(given)).rejects;

test.each(DESTINATIONS)("what bounds a batch of the kind $kind is what a stream may have", ({ batch }) => {
  expect(BatchBounds.parse(batch)).toEqual(batch);
});

test("a bucket takes a stream without bounds of its own, and no second one in its place", async () => {
  const settings = { endpoint: "https://s3.example.org", bucket: "audit" };
  const secrets = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI" };
  const { id, batch } = await create({ kind: "s3", settings, secrets });
  expect(batch).toEqual({ records: 2_000, bytes: 2_000_000, seconds: 60 });
  // One prefix is one stream's.
  const same = { code: "invalid_argument", details: [{ field: "settings.prefix" }] };
  await refused({ kind: "s3", settings, secrets }).toMatchObject(same);
  const apart = { ...settings, prefix: "apart/" };
  const other = await create({ kind: "s3", settings: apart, secrets });
  await expect(updateStream({ ctx, input: { id: other.id, settings } })).rejects.toMatchObject(same);
  await updateStream({ ctx, input: { id: other.id, settings: { ...apart, region: "eu-west-1" } } });
  await removeStream({ ctx, input: { id: other.id } });
  await removeStream({ ctx, input: { id } });
});

describe("what a stream takes", () => {
  test.each<[string, Partial<CreateStreamInput>, string]>([
    ["a kind that there is not", { kind: "pigeon" }, "kind"],
    ["no surface", { surfaces: {} }, "surfaces"],
    ["a filter that is none", { surfaces: { requests: { filter: "verb =" } } }, "surfaces.requests.filter"],
    [
      "a field of another surface",
      { surfaces: { events: { filter: "verb = get" } } },
      "surfaces.events.filter",
    ],
    [
      "a search across what sessions showed",
      { surfaces: { recordings: { filter: 'output:"password"' } } },
      "surfaces.recordings.filter",
    ],
    [
      "a project that there is not",
      { surfaces: { requests: { filter: "project = nope" } } },
      "surfaces.requests.filter",
    ],
    [
      "a field left out that there is not",
      { surfaces: { requests: { leaveOut: ["age"] } } },
      "surfaces.requests.leaveOut",
    ],
    ["its number left out", { surfaces: { requests: { leaveOut: ["no"] } } }, "surfaces.requests.leaveOut"],
    ["an address without https", { settings: { url: "http://siem.example.org/" } }, "settings.url"],
    [
      "a setting that its kind has not",
      { settings: { url: "https://a.example/", color: "red" } },
      "settings",
    ],
    ["batches without bound", { batch: { records: 100_000 } }, "batch.records"],
  ])("is not %s", async (_what, given, field) => {
    const error = await create(given).then(
      () => null,
      (thrown: Error & { details?: { field: string }[]; issues?: { path: PropertyKey[] }[] }) => thrown,
    );
    const fields = [
      ...(error?.details ?? []).map((detail) => detail.field),
      ...(error?.issues ?? []).map(({ path }) => path.join(".")),
    ];
    expect(fields.some((each) => each.startsWith(field))).toBe(true);
    expect(await db.prisma.stream.count({ where: { name: `siem ${made}` } })).toBe(0);
  });

  test("is a name that no other has", async () => {
    await create({ name: "twice" });
    await refused({ name: "twice" }).toMatchObject({ code: "conflict" });
  });
});

test("secrets are sealed, and in no view and no event; one that is made is told once", async () => {
  const before = await lastEventNo(db);
  const { id, madeSecrets, secretsSet } = await create({ secrets: { signingSecret: SECRET } });
  expect({ madeSecrets, secretsSet }).toEqual({ madeSecrets: {}, secretsSet: ["signingSecret"] });
  const other = await create();
  expect(other.madeSecrets.signingSecret).toMatch(/^whsec_/);
  await updateStream({ ctx, input: { id, secrets: { headers: "Authorization: Bearer s3cret" } } });
  const row = await db.prisma.stream.findUniqueOrThrow({ where: { id } });
  expect(openStreamSecrets(id, row.secrets)).toEqual({
    signingSecret: SECRET,
    headers: "Authorization: Bearer s3cret",
  });
  const { rows } = await db.pool.query("SELECT streams::text AS kept FROM streams");
  const told = JSON.stringify([await listStreams({ ctx }), await readEvents(db, before), rows]);
  expect(told).not.toContain("s3cret");
  expect(told).not.toMatch(/whsec_[A-Za-z0-9+/]{20}/);
  expect(() => openStreamSecrets(other.id, row.secrets)).toThrow();
});

test("a secret that is kept is sent to no other address than it was given for", async () => {
  const { id } = await create({ secrets: { signingSecret: SECRET } });
  const settings = { url: "https://attacker.example/in" };
  const asked = { code: "invalid_argument", details: [{ field: "secrets.signingSecret" }] };
  await expect(updateStream({ ctx, input: { id, settings } })).rejects.toMatchObject(asked);
  await expect(tryStream({ ctx, input: { id, kind: "webhook", settings } })).rejects.toMatchObject(asked);
  await updateStream({ ctx, input: { id, settings, secrets: { signingSecret: SECRET } } });
  expect((await getStream({ ctx, input: { id } })).settings).toMatchObject(settings);
});

test("a secret that is kept is sent to nobody whom another authority vouches for", async () => {
  const url = "https://siem.example.org/in";
  const { id } = await create({ settings: { url }, secrets: { signingSecret: SECRET } });
  const settings = { url, ca: (await createAuthority("another")).certificate };
  const asked = { code: "invalid_argument", details: [{ field: "secrets.signingSecret" }] };
  await expect(updateStream({ ctx, input: { id, settings } })).rejects.toMatchObject(asked);
  await expect(tryStream({ ctx, input: { id, kind: "webhook", settings } })).rejects.toMatchObject(asked);
  await updateStream({ ctx, input: { id, settings: { url, body: "lines" } } });
  await updateStream({ ctx, input: { id, settings, secrets: { signingSecret: SECRET } } });
  expect((await getStream({ ctx, input: { id } })).settings).toMatchObject({ ca: settings.ca.trim() });
});

test("a test record says what came back, by what is kept or is only tried", async () => {
  const receiver = await startNumberedReceiver();
  const settings = { url: receiver.url };
  const { id } = await create({ settings });
  expect(await testStream({ ctx, input: { id } })).toMatchObject({
    ok: true,
    sent: expect.stringContaining('"test":true'),
  });
  expect(receiver.numbers).toEqual([0]);
  receiver.refuse = () => ({ status: 403, body: "who are you?" });
  const tried = await tryStream({
    ctx,
    input: { kind: "webhook", settings, secrets: { signingSecret: SECRET } },
  });
  expect(tried).toMatchObject({ ok: false, text: expect.stringMatching(/403.*who are you\?/) });
  await receiver.close();
  expect(await testStream({ ctx, input: { id } })).toMatchObject({ ok: false });
});

test("what is changed, paused and removed is on the record with before and after", async () => {
  const { id, name } = await create();
  const before = await lastEventNo(db);
  await updateStream({
    ctx,
    input: { id, rateLimit: 5, surfaces: { requests: { filter: "verb = get" }, events: {} } },
  });
  await pauseStream({ ctx, input: { id } });
  await expect(pauseStream({ ctx, input: { id } })).rejects.toMatchObject({ code: "conflict" });
  await resumeStream({ ctx, input: { id } });
  await removeStream({ ctx, input: { id } });
  expect(await readEvents(db, before)).toMatchObject([
    {
      operation: "Update",
      entityName: name,
      before: { rateLimit: null, surfaces: { requests: { filter: "" } } },
      after: { rateLimit: 5, surfaces: { requests: { filter: "verb = get" }, events: { filter: "" } } },
    },
    { operation: "Pause", before: { state: "running" }, after: { state: "paused" } },
    { operation: "Pause", status: "Failed", error: "The stream is paused already." },
    { operation: "Resume", before: { state: "paused" }, after: { state: "running" } },
    { operation: "Delete", before: { name } },
  ]);
});

test("only what was sent is sent again", async () => {
  const { id } = await create();
  const replay = { id, surface: "requests", from: 1, to: 5 } as const;
  await expect(replayRange({ ctx, input: replay })).rejects.toMatchObject({ details: [{ field: "to" }] });
  const events = { ...replay, surface: "events" } as const;
  await expect(replayRange({ ctx, input: events })).rejects.toMatchObject({
    details: [{ field: "surface" }],
  });
});

test("a key that may change streams and not read the record has none sent to it, and reads no dead letters", async () => {
  const { id, name } = await create();
  const { streamId } = await db.prisma.streamDeadLetter.create({
    data: { streamId: id, surface: "requests", no: 7, happenedAt: new Date(), reason: "no", text: "{}" },
  });
  const scopes = ["streams:read", "streams:write"];
  const credential = {
    kind: "token",
    id: streamId,
    expiresAt: new Date(Date.now() + 60_000),
    scopes,
  } as const;
  const key = { ...ctx, credential };
  const lacking = { code: "permission_denied", message: expect.stringContaining('"audit:read"') };
  const moved = { settings: { url: "https://other.example/in" }, secrets: { signingSecret: SECRET } };
  await expect(createStream({ ctx: key, input: input() })).rejects.toMatchObject(lacking);
  await expect(updateStream({ ctx: key, input: { id, ...moved } })).rejects.toMatchObject(lacking);
  await expect(listDeadLetters({ ctx: key, input: { id, query: {} } })).rejects.toMatchObject(lacking);

  const before = await lastEventNo(db);
  expect((await listDeadLetters({ ctx, input: { id, query: {} } })).deadLetters).toMatchObject([{ no: 7 }]);
  expect(await readEvents(db, before)).toMatchObject([
    { action: "View", entityType: "RequestAudit", entityName: `dead letters of the stream ${name}` },
  ]);
});
