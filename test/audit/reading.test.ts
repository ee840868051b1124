import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditScope } from "../../lib/access/permission.ts";
import { listEvents } from "../../lib/audit/event-history/read.ts";
import { getOverview } from "../../lib/audit/overview/get.ts";
import { getRecordStatus } from "../../lib/audit/overview/record-status.ts";
import { listCommands } from "../../lib/audit/request-audit/commands.ts";
import { getRequest, listRelatedRequests } from "../../lib/audit/request-audit/get.ts";
import {
  countRequests,
  facetRequests,
  histogramRequests,
  listRequests,
  streamRequests,
} from "../../lib/audit/request-audit/read.ts";
import type { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { type Context, systemContext } from "../../lib/context.ts";
import { generateEntries } from "../history/generate-entries.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";
import { storeEntries } from "./store-entries.ts";

const to = Date.now() - 60_000;
const from = to - 30 * 3_600_000;
const range = {
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  timeZone: "Europe/Berlin",
};
const ctx = systemContext("test");
const scope = auditScope(ctx);
let installation: TestInstallation;
let all: RequestAuditEntry[];

beforeAll(async () => {
  installation = await createTestInstallation();
  const entries = [...generateEntries({ count: 900, from, to: to - 1_000, seed: 21 })];
  await storeEntries(
    installation.pool,
    entries.map((entry) => ({ ...entry, executedAt: Math.min(entry.executedAt, to - 1) })),
  );
  all = (await listRequests({ ctx, scope, query: { ...range, limit: 1_000 } })).entries;
}, 120_000);
afterAll(() => installation.close());

/** The person behind some of the calls, with the rights of nobody. */
async function somebody(): Promise<{ ctx: Context; email: string }> {
  const { rows } = await installation.pool.query<{ subject_id: string; name: string; email: string }>(
    "SELECT subject_id, name, email FROM audit_actor WHERE kind = 'user' AND email <> '' ORDER BY id LIMIT 1",
  );
  const { subject_id: id, name, email } = rows[0]!;
  const actor = {
    kind: "user" as const,
    id,
    name,
    email,
    consoleRole: "user" as const,
    groups: [],
    groupIds: [],
  };
  return { ctx: { ...ctx, actor }, email };
}

describe("a list", () => {
  const list = (query: object) => listRequests({ ctx, scope, query: { ...range, limit: 70, ...query } });
  const numbers = ({ entries }: { entries: RequestAuditEntry[] }) => entries.map(({ no }) => no);

  it.each(["newest", "oldest"] as const)(
    "is read %s first, page after page, to its other end",
    async (order) => {
      const read: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ order, cursor });
        read.push(...numbers(page));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      const newestFirst = all.map(({ no }) => no);
      expect(read).toEqual(order === "newest" ? newestFirst : newestFirst.toReversed());
    },
  );

  it.each(["newest", "oldest"] as const)(
    "begins anywhere, %s first, and goes on from there",
    async (order) => {
      const ordered = order === "newest" ? all : all.toReversed();
      const start = await list({ order, offset: 611 });
      expect(numbers(start)).toEqual(ordered.slice(611, 681).map(({ no }) => no));
      const following = await list({ order, cursor: start.next! });
      expect(numbers(following)).toEqual(ordered.slice(681, 751).map(({ no }) => no));
      expect(await list({ order, offset: all.length })).toEqual({ entries: [], next: null });
    },
  );

  it("takes a place or a cursor, not both", async () => {
    const { next } = await list({});
    await expect(list({ offset: 3, cursor: next! })).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "offset", got: "3" }],
    });
  });
});

describe("a person without the right to read everything", () => {
  it("sees their own calls on every surface, and no others", async () => {
    const person = await somebody();
    const own = all.filter(({ email }) => email === person.email);
    expect(own.length).toBeGreaterThan(10);
    const query = { ...range, filter: "" };
    const input = { ctx: person.ctx, scope: auditScope(person.ctx), query };
    const { entries } = await listRequests({ ...input, query: { ...query, limit: 1_000 } });
    expect(entries.map(({ no }) => no)).toEqual(own.map(({ no }) => no));
    expect((await countRequests(input)).count).toBe(own.length);
    const { buckets } = await histogramRequests(input);
    expect(buckets.reduce((sum, { success, failure }) => sum + success + failure, 0)).toBe(own.length);
    const { facets } = await facetRequests(input);
    const people = facets.find(({ field }) => field === "user")?.values;
    expect(people).toEqual([{ value: own[0]?.name, count: own.length }]);
    expect((await getOverview({ ctx: person.ctx, scope: input.scope, query: range })).calls.count).toBe(
      own.length,
    );
    const other = all.find(({ email }) => email !== person.email)!;
    await expect(getRequest({ ctx: person.ctx, scope: input.scope, no: other.no })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      listRelatedRequests({ ctx: person.ctx, scope: input.scope, no: other.no }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
    const commands = await listCommands({
      ctx: person.ctx,
      scope: input.scope,
      query: { ...query, limit: 500 },
    });
    expect(new Set(commands.commands.map(({ email }) => email))).toEqual(new Set([person.email]));
  });
});

describe("a window beyond the times that are recorded", () => {
  const farAway: [string, string, string][] = [
    ["2000-01-01", "9999-12-31", "UTC"],
    ["2000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "Asia/Tokyo"],
    ["0001-01-01", "9999-12-31", "America/Los_Angeles"],
    ["0000-01-01", "now+999999w", "Europe/Berlin"],
    ["now-999999w", "now", "UTC"],
    ["today-720000d", "now+999999d", "Europe/Berlin"],
  ];
  it.each(farAway)(
    "from %s to %s in %s holds what there is, on every surface",
    async (first, last, timeZone) => {
      const query = { from: first, to: last, timeZone };
      const input = { ctx, scope, query };
      expect((await listRequests({ ...input, query: { ...query, limit: 1_000 } })).entries).toHaveLength(
        all.length,
      );
      expect((await countRequests(input)).count).toBe(all.length);
      const { buckets } = await histogramRequests(input);
      expect(buckets.reduce((sum, { success, failure }) => sum + success + failure, 0)).toBe(all.length);
      const { facets } = await facetRequests(input);
      const verbs = facets.find(({ field }) => field === "verb")!.values;
      expect(verbs.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      const commands = await listCommands({ ...input, query: { ...query, limit: 500 } });
      expect(commands.commands.length).toBeGreaterThan(0);
      expect((await getOverview(input)).calls.count).toBe(all.length);
    },
  );

  it("has none before and after them", async () => {
    for (const [first, last] of [
      ["0001-01-01", "0099-12-31"],
      ["9999-12-31", "9999-12-31"],
    ] as const) {
      const input = { ctx, scope, query: { from: first, to: last, timeZone: "UTC" } };
      expect((await countRequests(input)).count).toBe(0);
      expect((await getOverview(input)).calls.count).toBe(0);
      await histogramRequests(input);
    }
  });

  it.each([
    'executedAt < "9999-12-31"',
    'executedAt <= "9999-12-31"',
    'executedAt > "0001-01-01"',
    "executedAt >= now-999999w",
  ])("%s is everything", async (filter) => {
    const { count } = await countRequests({ ctx, scope, query: { ...range, filter } });
    expect(count).toBe(all.length);
  });
});

it("counts the overview as one would by hand", async () => {
  const overview = await getOverview({ ctx, scope, query: range });
  const failures = all.filter(({ result }) => result === "failure");
  const denied = failures.filter(({ role }) => role === null);
  const sessions = all.filter(
    ({ resource, stage }) => /^pods\/(exec|attach|portforward)$/.test(resource ?? "") && stage === "start",
  );
  expect(overview.calls.count).toBe(all.length);
  expect(overview.failures.count).toBe(failures.length);
  expect(overview.denied.count).toBe(denied.length);
  expect(overview.denied.recent.map(({ no }) => no)).toEqual(denied.slice(0, 6).map(({ no }) => no));
  expect(overview.secrets.count).toBe(all.filter(({ resource }) => resource === "secrets").length);
  expect(overview.sessions.count).toBe(sessions.length);
  // Each number is what its filter lists.
  for (const { count, filter } of [
    overview.calls,
    overview.failures,
    overview.denied,
    overview.secrets,
    overview.sessions,
  ]) {
    expect((await countRequests({ ctx, scope, query: { ...range, filter } })).count, filter).toBe(count);
  }
  for (const { calls, filter } of [
    ...overview.topPeople,
    ...overview.topClusters,
    ...overview.secrets.people,
  ]) {
    expect((await countRequests({ ctx, scope, query: { ...range, filter } })).count, filter).toBe(calls);
  }
});

it("keeps counters that add up to the rows", async () => {
  const key = "ledger_id, result, actor_id, cluster_id, namespace_id, verb_id, resource_id";
  const absent = key.replaceAll(/(\w+_id)/g, "coalesce($1, 0)");
  const denied = "SELECT 0 AS kind, * FROM kube_request WHERE role_id IS NULL AND result = 0";
  const started = `SELECT 1 AS kind, call.* FROM kube_request call JOIN audit_dictionary ON id = resource_id
    WHERE stage = 1 AND value IN ('pods/exec', 'pods/attach', 'pods/portforward')`;
  const counters = [
    ...["minute", "hour", "day"].map((unit) => [`kube_request_${unit}`, unit, key, absent, "kube_request"]),
    ...["minute", "hour"].map((unit) => {
      return [`kube_request_${unit}_total`, unit, "ledger_id, result", "ledger_id, result", "kube_request"];
    }),
    ...[denied, started].map((rows, kind) => {
      const table = `(SELECT * FROM kube_request_day_kind WHERE kind = ${kind})`;
      return [table, "day", "ledger_id, kind, actor_id", "ledger_id, kind, actor_id", `(${rows})`];
    }),
  ];
  for (const [table, unit, columns, expressions, rows] of counters) {
    const counted = `SELECT ${unit}, ${columns}, count FROM ${table} AS counter`;
    const added = `SELECT date_trunc('${unit}', executed_at, 'UTC'), ${expressions}, count(*)::int FROM ${rows} AS call GROUP BY 1, ${expressions}`;
    const sql = `SELECT (SELECT count(*) FROM (${counted}) AS counter)::int AS counters,
      (SELECT count(*) FROM ((${counted}) EXCEPT (${added})) AS wrong)::int AS wrong,
      (SELECT count(*) FROM ((${added}) EXCEPT (${counted})) AS missing)::int AS missing`;
    const { rows: found } = await installation.pool.query(sql);
    expect(found, table).toEqual([{ counters: expect.any(Number), wrong: 0, missing: 0 }]);
    expect(found[0].counters, table).toBeGreaterThan(0);
  }
});

it("groups calls by command, over pages, once", async () => {
  const expected = new Map<string, Set<string>>();
  for (const { sessionId, auditId } of all) {
    if (sessionId) expected.set(sessionId, (expected.get(sessionId) ?? new Set()).add(auditId));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCommands({ ctx, scope, query: { ...range, limit: 17, cursor } });
    for (const { sessionId, calls, command } of page.commands) {
      seen.push(sessionId);
      expect(calls).toBe(expected.get(sessionId)?.size);
      expect(command).toMatch(/^\S+ /);
    }
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual([...expected.keys()]);
});

it("finds what stands around a call", async () => {
  const ended = new Set(all.filter(({ stage }) => stage === "end").map(({ auditId }) => auditId));
  const start = all.find(
    ({ stage, sessionId, auditId }) => stage === "start" && sessionId && ended.has(auditId),
  )!;
  const { partner, command, around } = await listRelatedRequests({ ctx, scope, no: start.no });
  const end = all.find(({ auditId, stage }) => auditId === start.auditId && stage === "end");
  expect(partner?.no).toBe(end?.no);
  expect(command.map(({ no }) => no)).toContain(start.no);
  expect(around.map(({ no }) => no)).toContain(start.no);
  expect(new Set(around.map(({ email }) => email))).toEqual(new Set([start.email]));
});

describe("reading is on the record", () => {
  const searches = async (person: Context) => {
    const query = {
      from: "now-1h",
      to: "now+1h",
      timeZone: "UTC",
      limit: 100,
      filter: 'operation IN ("Search", "View")',
    };
    const { entries } = await listEvents({ ctx, scope: auditScope(person), query: { ...query, afterNo: 0 } });
    return entries.map(({ operation, entityType, entityName }) => [operation, entityType, entityName]);
  };

  it("once a search, not once a page, a refresh or a look of the live tail", async () => {
    const id = "3f0b8f1e-0f5e-4a5e-9a51-7a6f9b0c7e09";
    const actor = {
      kind: "user" as const,
      id,
      name: "Ada",
      email: "ada@acme.example",
      consoleRole: "auditor" as const,
      groups: [],
      groupIds: [],
    };
    const auditor: Context = { ...ctx, actor };
    const own = { ...auditor, actor: { ...actor, consoleRole: "user" as const } };
    const query = { ...range, limit: 10, filter: 'verb = "get"' };
    const page = await listRequests({ ctx: auditor, scope, query });
    await listRequests({ ctx: auditor, scope, query });
    await listRequests({ ctx: auditor, scope, query: { ...query, cursor: page.next ?? "" } });
    await listRequests({ ctx: auditor, scope, query: { ...query, afterNo: 5 } });
    await Promise.all([countRequests, histogramRequests].map((read) => read({ ctx: auditor, scope, query })));
    expect(await searches(own)).toEqual([["Search", "RequestAudit", 'verb = "get"']]);
    await getRequest({ ctx: auditor, scope, no: all[3]!.no });
    await listRelatedRequests({ ctx: auditor, scope, no: all[3]!.no });
    await listRequests({ ctx: auditor, scope, query: { ...query, filter: 'verb = "list"' } });
    expect(await searches(own)).toEqual([
      ["Search", "RequestAudit", 'verb = "list"'],
      ["View", "RequestAudit", `No ${all[3]!.no}`],
      ["Search", "RequestAudit", 'verb = "get"'],
    ]);
  });

  it("whichever answer is asked for first", async () => {
    const id = "3f0b8f1e-0f5e-4a5e-9a51-7a6f9b0c7e10";
    const person = {
      kind: "user" as const,
      id,
      name: "Grace",
      email: "grace@acme.example",
      groups: [],
      groupIds: [],
    };
    const auditor: Context = { ...ctx, actor: { ...person, consoleRole: "auditor" } };
    const filtered = (filter: string) => ({ ctx: auditor, scope, query: { ...range, filter, limit: 5 } });
    const page = await listRequests({ ctx, scope, query: { ...range, limit: 5 } });
    await Promise.all([0, 1, 2].map(() => countRequests(filtered('verb = "get"'))));
    await histogramRequests(filtered('verb = "list"'));
    await facetRequests(filtered('verb = "watch"'));
    await listCommands(filtered('verb = "patch"'));
    const afterAll = filtered('verb = "create"');
    await listRequests({ ...afterAll, query: { ...afterAll.query, afterNo: 0 } });
    const further = filtered('verb = "delete"');
    await listRequests({ ...further, query: { ...further.query, cursor: page.next! } });
    await getOverview({ ctx: auditor, scope, query: range });
    await listRelatedRequests({ ctx: auditor, scope, no: all[5]!.no });
    const seen = await searches({ ...ctx, actor: { ...person, consoleRole: "user" } });
    const names = ["get", "list", "watch", "patch", "create", "delete"].map((verb) => `verb = "${verb}"`);
    expect(seen.map(([, , name]) => name).toReversed()).toEqual([...names, "everything", `No ${all[5]!.no}`]);
  });
});

it("tells of new calls as they are committed, filtered, and from where one left off", async () => {
  const leave = new AbortController();
  const lastNo = Math.max(...all.map(({ no }) => no));
  const query = { timeZone: "UTC", from: "now-2d", to: "now+1h", filter: 'verb = "get"', afterNo: lastNo };
  const reader = streamRequests({ ctx, scope, query, signal: leave.signal }).getReader();
  const decoder = new TextDecoder();
  const fresh = [...generateEntries({ count: 40, from: to, to: to + 50_000, seed: 9 })].map((entry) => {
    return { ...entry, executedAt: Math.min(entry.executedAt, to + 50_000) };
  });
  await storeEntries(installation.pool, fresh);
  const wanted = fresh.filter(({ verb }) => verb === "get").length;
  const seen = new Set<number>();
  let text = "";
  while (seen.size < wanted) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    for (const [, data = ""] of text.matchAll(/event: committed\ndata: (.*)\n\n/g)) {
      const news = JSON.parse(data) as { entries: RequestAuditEntry[] };
      for (const { no, verb } of news.entries) {
        expect(verb).toBe("get");
        seen.add(no);
      }
    }
  }
  expect(seen.size).toBe(wanted);
  leave.abort();
  while (!(await reader.read()).done);
});

it("knows whether the record is whole", async () => {
  const { rows } = await installation.pool.query<{ last_no: number }>(
    "SELECT last_no FROM audit_ledger WHERE stream = 'kube_request'",
  );
  const { record } = await getRecordStatus({ scope, retentionDays: 90 });
  expect(record).toMatchObject({ gapless: true, lastNo: rows[0]?.last_no });
  const day = new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10);
  expect(record.keptFrom).toBe(`${day}T00:00:00.000Z`);
  expect((await getRecordStatus({ scope, retentionDays: 0 })).record.keptFrom).toBeNull();
});

it("takes empty text for an absent value", async () => {
  const [entry] = generateEntries({ count: 1, from: to, to: to + 1_000, seed: 2 });
  await storeEntries(installation.pool, [
    { ...entry!, executedAt: to + 55_000, apiGroup: "", namespace: "" },
  ]);
  const query = { timeZone: "UTC", from: "now-1d", to: "now+1h", limit: 1 };
  const { entries } = await listRequests({ ctx, scope, query });
  expect(entries[0]).toMatchObject({ apiGroup: null, namespace: null });
  const { no } = entries[0]!;
  const count = async (filter: string) =>
    (await countRequests({ ctx, scope, query: { ...query, filter: `no = ${no} AND ${filter}` } })).count;
  expect(await count("NOT apiGroup:* AND NOT namespace:* AND namespace != prod")).toBe(1);
});

it("says null of a caller who has no email and of a call without a cluster, and finds them by empty text", async () => {
  const [entry] = generateEntries({ count: 1, from: to, to: to + 1_000, seed: 2 });
  const actor = { kind: "anonymous" as const, id: "", name: "", email: "" };
  const cluster = { id: "", name: "", endpoint: "" };
  await storeEntries(installation.pool, [{ ...entry!, executedAt: to + 56_000, actor, cluster }]);
  const query = { timeZone: "UTC", from: "now-1d", to: "now+1h", limit: 1 };
  const { entries } = await listRequests({ ctx, scope, query });
  expect(entries[0]).toMatchObject({ name: null, email: null, clusterName: null, clusterEndpoint: null });
  const { no } = entries[0]!;
  const count = async (filter: string) =>
    (await countRequests({ ctx, scope, query: { ...query, filter: `no = ${no} AND ${filter}` } })).count;
  expect(await count('email = "" AND user = "" AND cluster IN ("", prod)')).toBe(1);
  expect(await count('email != ""')).toBe(0);
});
