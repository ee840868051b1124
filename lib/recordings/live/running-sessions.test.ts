import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { auditScope } from "../../access/permission.ts";
import { type Context, systemContext } from "../../context.ts";
import type { RecordedSession } from "../recorded-session.ts";
import { openStore, type RecordingStore } from "../store/recording-store.ts";
import { testChunks, testEnd, testSession } from "../store/testing/recorded.ts";
import { type EndRequest, onSessionEndRequest } from "./end-requests.ts";
import { requestSessionEnd } from "./mutations.ts";
import { getRecording } from "./recording.ts";
import { listRunningSessions } from "./running-sessions.ts";
import { EndSessionInput } from "./schema.ts";

let installation: TestInstallation;
let store: RecordingStore;
let session: RecordedSession;

beforeAll(async () => {
  installation = await createTestInstallation();
  const { config, url } = installation;
  store = openStore({ ...config, database: { ...config.database, url } });
});
beforeEach(async () => {
  await installation.pool.query("delete from recording_running");
  // Long enough ago for its output to be in the past.
  session = testSession({ startedAt: Date.now() - 60_000 });
  await store.begin(session);
});
afterAll(async () => {
  await store.stop();
  await installation.close();
});

function contextOf(consoleRole: "user" | "auditor", id = "00000000-0000-4000-8000-00000000000a"): Context {
  const person = { id, name: "Bob", email: "bob@acme.example", groups: [], groupIds: [] };
  return { ...systemContext("test"), actor: { kind: "user", ...person, consoleRole } };
}
const auditor = contextOf("auditor");
const read = (ctx: Context) => ({ ctx, scope: auditScope(ctx) });
const end = (reason: string, ctx = auditor) =>
  requestSessionEnd({ ctx, input: { id: session.recordingId, reason } });

test("a running session is listed with who, where, since when, how long idle and how much it showed", async () => {
  const chunks = testChunks(session, ["hello", "again"]);
  await store.append(chunks[0]!);
  const [first] = (await listRunningSessions(read(auditor))).sessions;
  expect(first).toMatchObject({
    recordingId: session.recordingId,
    startedAt: new Date(session.startedAt).toISOString(),
    name: "Alice",
    email: "alice@example.com",
    clusterName: "prod",
    namespace: "payments",
    pod: "api-0",
    container: "api",
    kind: "exec",
    role: "operator",
    clientIp: "203.0.113.7",
    tty: true,
    outputBytes: 5,
    endRequested: false,
  });
  await store.append(chunks[1]!);
  const [later] = (await listRunningSessions(read(auditor))).sessions;
  expect(later?.outputBytes).toBe(10);
  expect(later?.idleMs).toBeLessThanOrEqual(Date.now() - session.startedAt - 200);
  expect(later?.idleMs).toBeGreaterThan(50_000);
});

test("a plain user sees the own ones and nobody else's, and the auditor all", async () => {
  const own = contextOf("user", session.actor.id);
  const other = contextOf("user");
  await store.begin(testSession());
  expect((await listRunningSessions(read(own))).sessions).toHaveLength(1);
  expect((await listRunningSessions(read(other))).sessions).toEqual([]);
  expect((await listRunningSessions(read(auditor))).sessions).toHaveLength(2);
  const input = { id: session.recordingId };
  expect(await getRecording({ ...read(own), input })).toMatchObject({ state: "running", entry: null });
  await expect(getRecording({ ...read(other), input })).rejects.toMatchObject({ code: "not_found" });
});

test("that somebody looks at them is an event, once in a while", async () => {
  const ctx = contextOf("auditor", "00000000-0000-4000-8000-00000000000b");
  const after = await lastEventNo(installation);
  await listRunningSessions(read(ctx));
  await listRunningSessions(read(ctx));
  await getRecording({ ...read(ctx), input: { id: session.recordingId } });
  expect(await readEvents(installation, after)).toMatchObject([
    { operation: "View", entityType: "Recording", entityId: "running sessions" },
    { operation: "View", entityType: "Recording", entityId: session.recordingId },
  ]);
});

test("a recording is being prepared when its session is over, then ready; or it failed, with why", async () => {
  const chunks = testChunks(session, ["hello"]);
  for (const chunk of chunks) await store.append(chunk);
  await store.finish(testEnd(session, chunks));
  const input = { id: session.recordingId };
  const get = () => getRecording({ ...read(auditor), input });
  expect(await get()).toMatchObject({
    state: "preparing",
    running: null,
    entry: { pod: "api-0", exitCode: 0 },
  });
  const id = [session.recordingId];
  await installation.pool.query(
    "update recording_render set not_before = 'infinity', error = 'Piece 0 is missing.' where recording_id = $1",
    id,
  );
  expect(await get()).toMatchObject({ state: "failed", problem: "Piece 0 is missing." });
  await installation.pool.query(
    "insert into recording_playback (started_at, recording_id, index) select started_at, recording_id, '{}' from recording where recording_id = $1",
    id,
  );
  expect(await get()).toMatchObject({ state: "ready", problem: null });
});

test("whoever holds the session hears who wants its end and why, once; who asked is an event", async () => {
  const heard: EndRequest[] = [];
  // Without a notification nothing would be heard: nobody looks again.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const forget = onSessionEndRequest(session.recordingId, (request) => heard.push(request));
  const other = onSessionEndRequest(testSession().recordingId, (request) => heard.push(request));
  const after = await lastEventNo(installation);
  await end("on the wrong cluster");
  await expect
    .poll(() => heard, { timeout: 15_000 })
    .toEqual([{ by: "bob@acme.example", reason: "on the wrong cluster" }]);
  expect((await listRunningSessions(read(auditor))).sessions).toMatchObject([{ endRequested: true }]);
  const [event] = await readEvents(installation, after);
  expect(event).toMatchObject({
    action: "Update",
    operation: "End",
    entityType: "Recording",
    entityId: session.recordingId,
    entityName: "exec payments/api-0 by alice@example.com",
    actorName: "bob@acme.example",
    after: { reason: "on the wrong cluster" },
  });
  await expect(end("again")).rejects.toMatchObject({
    code: "conflict",
    message: "bob@acme.example has asked for the end of this session already.",
  });
  await installation.pool.query("select pg_notify('kubewitness_session_end', $1)", [session.recordingId]);
  // Another's, which is heard after it.
  session = testSession();
  await store.begin(session);
  const third = onSessionEndRequest(session.recordingId, (request) => heard.push(request));
  await end("too");
  await expect.poll(() => heard.at(-1)?.reason, { timeout: 15_000 }).toBe("too");
  expect(heard).toHaveLength(2);
  third();
  forget();
  other();
});

test("a request whose notification was lost is found all the same", async () => {
  const heard: EndRequest[] = [];
  const forget = onSessionEndRequest(session.recordingId, (request) => heard.push(request));
  await installation.pool.query(
    "update recording_running set end_requested_at = now(), end_requested_by = 'eve', end_reason = 'lost' where recording_id = $1",
    [session.recordingId],
  );
  await expect.poll(() => heard, { timeout: 15_000 }).toEqual([{ by: "eve", reason: "lost" }]);
  forget();
});

test("a session that is over, or none at all, is not ended; nor by whoever may not", async () => {
  await expect(end("mine", contextOf("user", session.actor.id))).rejects.toMatchObject({
    code: "permission_denied",
  });
  await store.finish(testEnd(session, []));
  await expect(end("late")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/^This session is over since /),
  });
  session = testSession();
  await expect(end("nothing")).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  ["", "empty"],
  ["   ", "blank"],
  ["x".repeat(501), "too long"],
  ["one\nline more", "a line break"],
  ["\u001b[2Jcleared", "an escape"],
  ["\u202egnp.exe", "a turn of direction"],
])("%j is no reason: %s", async (reason) => {
  expect(EndSessionInput.safeParse({ reason }).success).toBe(false);
  await expect(end(reason)).rejects.toThrow("takes one line of 1 to 500 characters");
});
