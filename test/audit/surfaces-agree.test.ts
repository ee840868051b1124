import Papa from "papaparse";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GET as exportRoute } from "../../app/api/v1/request-audit/export/route.ts";
import { GET as listRoute } from "../../app/api/v1/request-audit/route.ts";
import { auditScope } from "../../lib/access/permission.ts";
import { listRequests } from "../../lib/audit/request-audit/read.ts";
import { REQUEST_AUDIT_FIELDS, type RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { systemContext } from "../../lib/context.ts";
import { evaluateFilter, type RecordValue } from "../../lib/filter/evaluate.ts";
import { type FilterField, keysOf } from "../../lib/filter/fields.ts";
import { formatFilter } from "../../lib/filter/format.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { generateEntries } from "../history/generate-entries.ts";
import fc from "../properties.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { arbitraryFilter } from "./arbitrary-filter.ts";
import { storeEntries } from "./store-entries.ts";

const from = "2026-11-17T00:00:00.000Z";
const to = "2026-11-20T16:00:00.000Z";
const timeZone = "America/New_York";
const page = { scope: auditScope(systemContext("test")), ctx: systemContext("test") };
let database: TestDatabase;
let api: ApiClient;
let entries: RequestAuditEntry[];

beforeAll(async () => {
  database = await createTestDatabase();
  const range = { count: 300, from: Date.parse(from), to: Date.parse(to), seed: 11 };
  await storeEntries(database.pool, generateEntries(range));
  api = await createApiClient();
  entries = (await listRequests({ ...page, query: { from, to, timeZone, limit: 1_000 } })).entries;
}, 120_000);
afterAll(() => database.close());

const valuesOf = (field: FilterField): string[] => {
  const all = entries.flatMap((entry) =>
    keysOf(field).flatMap((key) => (entry as unknown as Record<string, RecordValue>)[key] ?? []),
  );
  return [...new Set(all.map(String))].slice(0, 50);
};

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

async function ask(route: typeof listRoute, query: Record<string, string>, accept?: string): Promise<string> {
  const response = await api.get(route, `/?${new URLSearchParams({ from, to, timeZone, ...query })}`, {
    headers: accept ? { accept } : {},
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text;
}

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

it("gives the same calls on page, API, CSV, JSON and NDJSON, for 1,000 random filters", async () => {
  const filters = fc.sample(arbitraryFilter(REQUEST_AUDIT_FIELDS, valuesOf), { numRuns: 1_000, seed: 4_711 });
  let matched = 0;
  for (const [index, tree] of filters.entries()) {
    const filter = formatFilter(tree);
    const reference = { now: new Date(), timeZone };
    const expected = numbersOf(
      entries.filter((entry) => evaluateFilter(tree, entry, REQUEST_AUDIT_FIELDS, reference)),
    );
    const query = { filter, limit: "1000" };
    const pageRows = await listRequests({ ...page, query: { from, to, timeZone, filter, limit: 1_000 } });
    expect(numbersOf(pageRows.entries), filter).toEqual(expected);
    const json = JSON.parse(await ask(listRoute, query)) as { entries: Numbered[]; next: string | null };
    expect(numbersOf(json.entries), filter).toEqual(expected);
    expect(json.next).toBeNull();
    expect(readCsv(await ask(listRoute, query, "text/csv")), filter).toEqual(expected);
    expect(readNdjson(await ask(listRoute, query, "application/x-ndjson")), filter).toEqual(expected);
    if (index % 4 === 0) await expectExport(filter, index / 4, expected);
    if (expected.length > 0 && expected.length < entries.length) matched += 1;
  }
  expect(matched).toBeGreaterThan(400);
}, 600_000);
