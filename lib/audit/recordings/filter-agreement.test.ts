import { afterAll, beforeAll, expect, it } from "vitest";
import { arbitraryFilter } from "../../../test/audit/arbitrary-filter.ts";
import { nameProjects } from "../../../test/audit/name-projects.ts";
import { storeRecordings } from "../../../test/audit/store-recordings.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateRecordings } from "../../../test/history/generate-recordings.ts";
import fc, { runsOf } from "../../../test/properties.ts";
import { auditScope } from "../../access/permission.ts";
import { systemContext } from "../../context.ts";
import { evaluateFilter, type RecordValue } from "../../filter/evaluate.ts";
import { keysOf } from "../../filter/fields.ts";
import { formatFilter } from "../../filter/format.ts";
import { prepareQuery, readAudit } from "../query/audit-query.ts";
import { countAllRows, countRows } from "../query/count.ts";
import { readFacets } from "../query/facets.ts";
import { readHistogram } from "../query/histogram.ts";
import { readRows } from "../query/rows.ts";
import type { AuditFacets } from "../query/schema.ts";
import { toEntries } from "./entries.ts";
import { listRecordings } from "./read.ts";
import { RECORDING_FIELDS, type RecordingEntry } from "./schema.ts";
import { RECORDING_SURFACE } from "./surface.ts";

/** How many filters are tried. */
const TRIED = runsOf(150);
const now = new Date("2026-11-20T16:30:00Z");
const reference = { now, timeZone: "Europe/Berlin" };
const window = { from: new Date("2026-11-18T00:00:00Z"), to: new Date("2026-11-20T16:00:00Z") };
const scope = auditScope(systemContext("test"));
let database: TestDatabase;
let entries: RecordingEntry[];

beforeAll(async () => {
  database = await createTestDatabase();
  await nameProjects(database.pool);
  await storeRecordings(
    database.pool,
    generateRecordings({ count: 700, from: window.from.getTime(), to: window.to.getTime(), seed: 7 }),
  );
  entries = await readAudit(async (run) => {
    const query = await prepareQuery(run, {
      surface: RECORDING_SURFACE,
      scope,
      window,
      filter: null,
      reference,
    });
    return toEntries(run, await readRows(run, query, { limit: 10_000 }));
  });
}, 120_000);
afterAll(() => database.close());

const valuesOf = ({ type, ...field }: (typeof RECORDING_FIELDS.fields)[number]): string[] => {
  const keys = keysOf({ type, ...field });
  const all = entries.flatMap((entry) =>
    keys.flatMap((key) => (entry as unknown as Record<string, RecordValue>)[key] ?? []),
  );
  return [...new Set(all.map(String))].slice(0, 50);
};

type Counts = Record<string, number>;

function countsOf(facets: AuditFacets["facets"], field: string): Counts {
  const values = facets.find((facet) => facet.field === field)?.values ?? [];
  return Object.fromEntries(values.map(({ value, count }) => [String(value), count]));
}

function countBy(among: RecordingEntry[], keyOf: (entry: RecordingEntry) => string | null): Counts {
  const groups = Map.groupBy(among, (entry) => String(keyOf(entry)));
  return Object.fromEntries([...groups].map(([key, { length }]) => [key, length]));
}

it("reads every stored recording, newest first", () => {
  expect(entries.length).toBe(700);
  const times = entries.map(({ startedAt }) => startedAt);
  expect(times).toEqual(times.toSorted().reverse());
});

it(`agrees with the plain meaning of the language, for ${TRIED} random filters`, async () => {
  const filters = fc.sample(arbitraryFilter(RECORDING_FIELDS, valuesOf), {
    numRuns: TRIED,
    seed: 20_261_120,
  });
  let matched = 0;
  await readAudit(async (run) => {
    for (const filter of filters) {
      const query = await prepareQuery(run, { surface: RECORDING_SURFACE, scope, window, filter, reference });
      const expected = entries.filter((entry) => evaluateFilter(filter, entry, RECORDING_FIELDS, reference));
      const rows = await readRows(run, query, { limit: 10_000 });
      expect(
        rows.map(({ no }) => no),
        formatFilter(filter),
      ).toEqual(expected.map(({ no }) => no));
      expect(await countAllRows(run, query), formatFilter(filter)).toBe(expected.length);
      expect(await countRows(run, query), formatFilter(filter)).toEqual({
        count: expected.length,
        exact: true,
      });
      const { facets, exact } = await readFacets(run, query);
      expect(exact).toBe(true);
      expect(countsOf(facets, "kind"), formatFilter(filter)).toEqual(countBy(expected, ({ kind }) => kind));
      expect(countsOf(facets, "user")).toEqual(countBy(expected, ({ name }) => name));
      expect(countsOf(facets, "namespace")).toEqual(countBy(expected, ({ namespace }) => namespace));
      const { buckets } = await readHistogram(run, query);
      const sums = [
        buckets.reduce((sum, { success }) => sum + success, 0),
        buckets.reduce((sum, { failure }) => sum + failure, 0),
      ];
      const failures = expected.filter(({ result }) => result === "failure").length;
      expect(sums, formatFilter(filter)).toEqual([expected.length - failures, failures]);
      if (expected.length > 0 && expected.length < entries.length) matched += 1;
    }
  }, 280_000);
  // Filters that match nothing or everything would prove little.
  expect(matched).toBeGreaterThan(TRIED * 0.35);
}, 300_000);

it("pages through everything once, whatever the size of the page", async () => {
  const ctx = systemContext("test");
  const query = { from: window.from.toISOString(), to: window.to.toISOString(), timeZone: "UTC", limit: 97 };
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRecordings({ ctx, scope, query: { ...query, cursor } });
    seen.push(...page.entries.map(({ no }) => no));
    cursor = page.next ?? undefined;
  } while (cursor);
  expect(seen).toEqual(entries.map(({ no }) => no));
});
