import Papa from "papaparse";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as exportRecordings } from "../../app/api/v1/recordings/export/route.ts";
import { GET as listRecordingsRoute } from "../../app/api/v1/recordings/route.ts";
import { GET as exportRequests } from "../../app/api/v1/request-audit/export/route.ts";
import { GET as listRequestsRoute } from "../../app/api/v1/request-audit/route.ts";
import { auditScope } from "../../lib/access/permission.ts";
import type { ListQuery, ReadInput } from "../../lib/audit/query/readable-surface.ts";
import { listRecordings } from "../../lib/audit/recordings/read.ts";
import { RECORDING_FIELDS } from "../../lib/audit/recordings/schema.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { REQUEST_AUDIT_FIELDS } from "../../lib/audit/request-audit/schema.ts";
import { systemContext } from "../../lib/context.ts";
import { evaluateFilter, type RecordValue } from "../../lib/filter/evaluate.ts";
import { type FieldSet, type FilterField, keysOf } from "../../lib/filter/fields.ts";
import { formatFilter } from "../../lib/filter/format.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { generateEntries, type HistoryRange } from "../history/generate-entries.ts";
import { generateRecordings } from "../history/generate-recordings.ts";
import fc, { runsOf } from "../properties.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { arbitraryFilter } from "./arbitrary-filter.ts";
import { nameProjects } from "./name-projects.ts";
import { storeEntries } from "./store-entries.ts";
import { storeRecordings } from "./store-recordings.ts";

const from = "2026-11-17T00:00:00.000Z";
const to = "2026-11-20T16:00:00.000Z";
const timeZone = "America/New_York";
const page = { scope: auditScope(systemContext("test")), ctx: systemContext("test") };
let database: TestDatabase;
let api: ApiClient;

beforeAll(async () => {
  database = await createTestDatabase();
  await nameProjects(database.pool);
  api = await createApiClient();
}, 120_000);
afterAll(() => database.close());

type Entry = Numbered & Record<string, RecordValue>;

/** A surface in all its forms. */
interface Tried {
  name: string;
  fields: FieldSet;
  store(pool: pg.Pool, range: HistoryRange): Promise<unknown>;
  list(input: ReadInput<ListQuery>): Promise<{ entries: { no: number }[] }>;
  listRoute: typeof listRequestsRoute;
  exportRoute: typeof exportRequests;
  /** How many filters are tried. */
  filters: number;
}

interface Placed {
  namespace: string | null;
  projects: readonly string[];
  departments: readonly string[];
  nodePools: readonly string[];
}

/** As where each namespace is a project's, some of a department, and every third pod is on a node of a pool. */
function inProjects<T extends Placed>(all: Iterable<T>): T[] {
  return [...all].map((one, index) => ({
    ...one,
    projects: one.namespace === null ? [] : [`team-${one.namespace}`],
    departments: one.namespace?.startsWith("p") ? ["finance"] : [],
    nodePools: index % 3 === 0 ? ["batch"] : [],
  }));
}

const SURFACES: readonly Tried[] = [
  {
    name: "calls",
    fields: REQUEST_AUDIT_FIELDS,
    store: (pool, range) => storeEntries(pool, inProjects(generateEntries(range))),
    list: listRequests,
    listRoute: listRequestsRoute,
    exportRoute: exportRequests,
    filters: runsOf(200),
  },
  {
    name: "recordings",
    fields: RECORDING_FIELDS,
    store: (pool, range) => storeRecordings(pool, inProjects(generateRecordings(range))),
    list: listRecordings,
    listRoute: listRecordingsRoute,
    exportRoute: exportRecordings,
    filters: runsOf(80),
  },
];

interface Numbered {
  no: number;
}
const numbersOf = (rows: Numbered[]) => rows.map(({ no }) => Number(no));
const readCsv = (text: string) => numbersOf(Papa.parse<Numbered>(text.trimEnd(), { header: true }).data);
const readNdjson = (text: string) =>
  numbersOf(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Numbered),
  );

async function ask(
  route: typeof listRequestsRoute,
  query: Record<string, string>,
  accept?: string,
): Promise<string> {
  const response = await api.get(route, `/?${new URLSearchParams({ from, to, timeZone, ...query })}`, {
    headers: accept ? { accept } : {},
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text;
}

describe.each(SURFACES)("$name", ({ name, fields, store, list, listRoute, exportRoute, filters }) => {
  let entries: Entry[];

  beforeAll(async () => {
    await store(database.pool, { count: 300, from: Date.parse(from), to: Date.parse(to), seed: 11 });
    entries = (await list({ ...page, query: { from, to, timeZone, limit: 1_000 } })).entries as Entry[];
  }, 120_000);

  const valuesOf = (field: FilterField): string[] => {
    const all = entries.flatMap((entry) => keysOf(field).flatMap((key) => entry[key] ?? []));
    return [...new Set(all.map(String))].slice(0, 50);
  };

  /** In one of the three formats: every export is two events, which take their time. */
  async function expectExport(filter: string, turn: number, expected: number[]): Promise<void> {
    const format = ["csv", "json", "ndjson"][turn % 3] as string;
    const file = await ask(exportRoute, { filter, format });
    const exported =
      format === "csv" ? readCsv(file) : format === "json" ? numbersOf(JSON.parse(file)) : readNdjson(file);
    expect(exported, `${format} ${filter}`).toEqual(expected);
  }

  it("has data to tell filters apart by", () => {
    expect(entries.length).toBeGreaterThan(250);
  });

  it(`gives the same ${name} on page, API, CSV, JSON and NDJSON, for ${filters} random filters`, async () => {
    const tried = fc.sample(arbitraryFilter(fields, valuesOf), { numRuns: filters, seed: 4_711 });
    let matched = 0;
    for (const [index, tree] of tried.entries()) {
      const filter = formatFilter(tree);
      const reference = { now: new Date(), timeZone };
      const expected = numbersOf(entries.filter((entry) => evaluateFilter(tree, entry, fields, reference)));
      const query = { filter, limit: "1000" };
      const pageRows = await list({ ...page, query: { from, to, timeZone, filter, limit: 1_000 } });
      expect(numbersOf(pageRows.entries), filter).toEqual(expected);
      const json = JSON.parse(await ask(listRoute, query)) as { entries: Numbered[]; next: string | null };
      expect(numbersOf(json.entries), filter).toEqual(expected);
      expect(json.next).toBeNull();
      expect(readCsv(await ask(listRoute, query, "text/csv")), filter).toEqual(expected);
      expect(readNdjson(await ask(listRoute, query, "application/x-ndjson")), filter).toEqual(expected);
      if (index % 4 === 0) await expectExport(filter, index / 4, expected);
      if (expected.length > 0 && expected.length < entries.length) matched += 1;
    }
    expect(matched).toBeGreaterThan(filters * 0.35);
  }, 600_000);
});
