import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as relatedRoute } from "../../app/api/v1/recordings/[id]/related/route.ts";
import { auditScope } from "../../lib/access/permission.ts";
import { readAudit } from "../../lib/audit/query/audit-query.ts";
import { toEntries } from "../../lib/audit/recordings/entries.ts";
import { findRecordingRow } from "../../lib/audit/recordings/find.ts";
import {
  countRecordings,
  facetRecordings,
  histogramRecordings,
  listRecordings,
  streamRecordings,
} from "../../lib/audit/recordings/read.ts";
import { listRelatedCalls } from "../../lib/audit/recordings/related.ts";
import type { RecordingEntry } from "../../lib/audit/recordings/schema.ts";
import { getRequest } from "../../lib/audit/request-audit/get.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { type Context, systemContext } from "../../lib/context.ts";
import { generateEntries } from "../history/generate-entries.ts";
import { generateRecordings, type HistoryRecording } from "../history/generate-recordings.ts";
import { recordSessions } from "../history/record-sessions.ts";
import { createTestInstallation, lastEventNo, readEvents, type TestInstallation } from "../installation.ts";
import { createApiClient } from "./api-client.ts";
import { storeEntries } from "./store-entries.ts";
import { storeRecordings } from "./store-recordings.ts";

const to = Date.parse("2026-11-20T16:00:00Z");
const from = to - 30 * 3_600_000;
const range = {
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  timeZone: "Europe/Berlin",
};
const ctx = systemContext("test");
const scope = auditScope(ctx);
let installation: TestInstallation;
let all: RecordingEntry[];

beforeAll(async () => {
  installation = await createTestInstallation();
  const calls = generateEntries({ count: 2_000, from, to: to - 1_000, seed: 21 });
  const { entries, recordings } = recordSessions(calls, { latest: to - 1_000, seed: 21 });
  await storeEntries(installation.pool, entries);
  await storeRecordings(installation.pool, recordings);
  all = (await listRecordings({ ctx, scope, query: { ...range, limit: 1_000 } })).entries;
}, 120_000);
afterAll(() => installation.close());

/** A person with recordings, with the rights of nobody. */
async function somebody(): Promise<{ ctx: Context; email: string }> {
  const email = all.find((recording) => recording.email !== null && recording.auditId !== null)!.email!;
  const { rows } = await installation.pool.query<{ subject_id: string; name: string }>(
    "SELECT subject_id, name FROM audit_actor WHERE kind = 'user' AND email = $1",
    [email],
  );
  const { subject_id: id, name } = rows[0]!;
  const actor = { kind: "user", id, name, email, consoleRole: "user", groups: [], groupIds: [] } as const;
  return { ctx: { ...ctx, actor: { ...actor, groups: [], groupIds: [] } }, email };
}

const findRecording = (wanted: Parameters<typeof findRecordingRow>[1]) =>
  readAudit(async (run) => {
    const row = await findRecordingRow(run, wanted);
    return row && (await toEntries(run, [row]))[0];
  });

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

describe("a person without the right to read everything", () => {
  it("sees their own recordings, and no others", async () => {
    const person = await somebody();
    const own = all.filter(({ email }) => email === person.email);
    expect(own.length).toBeLessThan(all.length);
    const input = { ctx: person.ctx, scope: auditScope(person.ctx), query: { ...range, limit: 1_000 } };
    const { entries } = await listRecordings(input);
    expect(entries).toEqual(own);
    expect(await countRecordings(input)).toEqual({ count: own.length, exact: true });
    const { buckets } = await histogramRecordings(input);
    expect(sum(buckets.map(({ success, failure }) => success + failure))).toBe(own.length);
    const { facets } = await facetRecordings(input);
    expect(facets.find(({ field }) => field === "user")?.values).toEqual([
      { value: own[0]!.name, count: own.length },
    ]);
    const other = all.find(({ email }) => email !== person.email)!;
    const others = { ...input, recordingId: other.recordingId };
    expect(await findRecording(others)).toBeNull();
    await expect(listRelatedCalls(others)).rejects.toMatchObject({ code: "not_found" });
    expect(await findRecording({ ...input, recordingId: own[0]!.recordingId })).toEqual(own[0]);
  });
});

describe("the search field", () => {
  it("looks in persons, clusters and pods", async () => {
    const [recording] = all.filter(({ pod }) => pod !== null);
    const count = async (search: string) =>
      (await listRecordings({ ctx, scope, query: { ...range, search, limit: 1_000 } })).entries;
    for (const text of [recording!.name, recording!.clusterName, recording!.pod]) {
      const found = await count(text!.slice(1).toUpperCase());
      expect(found.map(({ no }) => no)).toContain(recording!.no);
    }
    expect(await count(`no such ${recording!.pod}`)).toEqual([]);
  });
});

describe("what a recording's session was in Request Audit", () => {
  const related = (recordingId: string) => listRelatedCalls({ ctx, scope, recordingId });

  it("has both rows, and what the person called at the cluster meanwhile, oldest first", async () => {
    const recording = all.find(({ auditId, durationMs }) => auditId !== null && durationMs > 60_000)!;
    const { start, end, calls, more } = await related(recording.recordingId);
    expect(start).toMatchObject({ stage: "start", auditId: recording.auditId });
    expect(end).toMatchObject({ stage: "end", auditId: recording.auditId, exitCode: recording.exitCode });
    expect(more).toBe(false);
    const { entries } = await listRequests({
      ctx,
      scope,
      query: {
        ...range,
        filter: `name = "${recording.name}" AND cluster = "${recording.clusterName}"`,
        limit: 1_000,
      },
    });
    const meanwhile = entries.filter(
      ({ executedAt }) => executedAt >= recording.startedAt && executedAt <= recording.endedAt,
    );
    expect(calls).toEqual(meanwhile.toReversed());
    expect(calls.map(({ no }) => no)).toEqual(expect.arrayContaining([start!.no, end!.no]));
  });

  it("of a web shell has no rows, and the calls", async () => {
    const shell = all.find(({ kind }) => kind === "shell")!;
    expect(await related(shell.recordingId)).toMatchObject({ start: null, end: null });
  });

  it("is told while the session runs, to whoever it is of", async () => {
    const person = await somebody();
    const recordingId = randomUUID();
    const { actor } = person.ctx;
    const start = (
      await listRequests({ ctx, scope, query: { ...range, filter: `email = "${person.email}"`, limit: 1 } })
    ).entries[0]!;
    const { rows } = await installation.pool.query(
      "SELECT cluster_id AS id FROM audit_cluster WHERE name = $1",
      [start.clusterName],
    );
    const entry = { actor: { kind: "user", id: "id" in actor ? actor.id : "" }, cluster: { id: rows[0].id } };
    await installation.pool.query(
      "INSERT INTO recording_running (recording_id, started_at, owner, entry) VALUES ($1, $2, $3, $4)",
      [recordingId, start.executedAt, randomUUID(), JSON.stringify(entry)],
    );
    const own = { ctx: person.ctx, scope: auditScope(person.ctx), recordingId };
    const { calls } = await listRelatedCalls(own);
    expect(calls[0]).toEqual(start);
    const nobody = { kind: "user" as const, id: randomUUID(), name: "x", email: "x@acme.example" };
    const stranger = { ...ctx, actor: { ...nobody, consoleRole: "user" as const, groups: [], groupIds: [] } };
    await expect(
      listRelatedCalls({ ctx: stranger, scope: auditScope(stranger), recordingId }),
    ).rejects.toMatchObject({ code: "not_found" });
    await installation.pool.query("DELETE FROM recording_running WHERE recording_id = $1", [recordingId]);
    await expect(related(recordingId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is bounded, and says that there is more", async () => {
    const recording = all.find(({ auditId }) => auditId !== null)!;
    const startedAt = Date.parse(recording.startedAt) + 1;
    const [call] = generateEntries({ count: 1, from: startedAt, to: startedAt });
    const { rows } = await installation.pool.query(
      `SELECT actor.kind, actor.subject_id AS "subjectId", cluster.cluster_id AS "clusterId", endpoint
       FROM recording JOIN audit_actor actor ON actor.id = actor_id JOIN audit_cluster cluster ON cluster.id = recording.cluster_id
       WHERE recording_id = $1`,
      [recording.recordingId],
    );
    const { kind, subjectId, clusterId, endpoint } = rows[0];
    // Under another name: who somebody is does not change with it.
    const actor = { kind, id: subjectId, name: "Since married", email: recording.email ?? "" };
    const cluster = { id: clusterId, name: "since renamed", endpoint };
    await storeEntries(
      installation.pool,
      Array.from({ length: 201 }, () => ({
        ...call!,
        actor,
        cluster,
        executedAt: startedAt,
        callId: randomUUID(),
      })),
    );
    const { calls, more } = await related(recording.recordingId);
    expect([calls.length, more]).toEqual([200, true]);
    expect(calls.at(-1)).toMatchObject({ name: "Since married", clusterName: "since renamed" });
  });

  it("is asked for by the id of a recording, and looking at it is an event", async () => {
    const api = await createApiClient();
    const { recordingId } = all.at(-1)!;
    const before = await lastEventNo(installation);
    const answer = await api.get(relatedRoute, "/", { params: { id: recordingId } });
    expect(answer.status).toBe(200);
    expect((await readEvents(installation, before)).at(-1)).toMatchObject({
      operation: "View",
      entityType: "Recording",
      entityId: recordingId,
    });
    expect((await api.get(relatedRoute, "/", { params: { id: "17" } })).status).toBe(400);
    expect((await api.get(relatedRoute, "/", { params: { id: randomUUID() } })).status).toBe(404);
  });
});

describe("a call of Request Audit", () => {
  const stateOf = async (no: number) => (await getRequest({ ctx, scope, no })).recording;

  it("says whether its session's recording is there, runs, or is not kept any more", async () => {
    const recorded = (
      await listRequests({
        ctx,
        scope,
        query: { ...range, filter: "recordingId:* AND stage = end", limit: 4 },
      })
    ).entries;
    const [call] = recorded;
    expect(await stateOf(call!.no)).toBe("ended");
    const plain = (
      await listRequests({ ctx, scope, query: { ...range, filter: "NOT recordingId:*", limit: 1 } })
    ).entries[0];
    expect(await stateOf(plain!.no)).toBeNull();
    const other = recorded.find(({ recordingId }) => recordingId !== call!.recordingId)!;
    await installation.pool.query("DELETE FROM recording WHERE recording_id = $1", [other.recordingId]);
    expect(await stateOf(other.no)).toBeNull();
    await installation.pool.query(
      "INSERT INTO recording_running (recording_id, started_at, owner, entry) VALUES ($1, now(), $1, '{}')",
      [other.recordingId],
    );
    expect(await stateOf(other.no)).toBe("running");
  });
});

it("recordings are told as their sessions end", async () => {
  const { rows } = await installation.pool.query(
    "SELECT last_no FROM audit_ledger WHERE stream = 'recording'",
  );
  const stop = new AbortController();
  const query = {
    ...range,
    filter: 'kind = "cp"',
    afterNo: Number(rows[0].last_no),
  };
  const stream = streamRecordings({ ctx, scope, query, signal: stop.signal });
  const reader = stream
    .pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>;
  const news: HistoryRecording[] = [...generateRecordings({ count: 30, from, to, seed: 5 })];
  await storeRecordings(installation.pool, news);
  let text = "";
  while (!text.includes("event: committed")) text += (await reader.read()).value;
  stop.abort();
  const data = JSON.parse(/data: (.*)/.exec(text)![1]!) as { entries: RecordingEntry[] };
  const copies = news.filter(({ kind }) => kind === "cp").map(({ recordingId }) => recordingId);
  expect(copies.length).toBeGreaterThan(0);
  expect(data.entries.map(({ recordingId }) => recordingId).toSorted()).toEqual(copies.toSorted());
});
