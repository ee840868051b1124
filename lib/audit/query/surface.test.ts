import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { auditScope } from "../../access/permission.ts";
import { systemContext } from "../../context.ts";
import { parseFilter } from "../../filter/parse.ts";
import { columnTable, toldShape } from "../columns/derived/schema.ts";
import { actor, code, number, terms, time } from "../columns/schema.ts";
import { fileColumns } from "../export/file-columns.ts";
import { prepareQuery, readAudit } from "./audit-query.ts";
import { entryReader } from "./entry-reader.ts";
import { readFacets } from "./facets.ts";
import { readHistogram } from "./histogram.ts";
import { readRows } from "./rows.ts";
import { createSurface, MINUTE_MS } from "./surface.ts";

/** A surface that the house does not have: a table of columns, and where its rows are. */
const VISITS = columnTable({
  name: "Visits",
  columns: {
    no: number("no", { type: "bigint", label: "No", about: "its number", required: true }),
    at: time("at", { label: "At", about: "when", required: true }),
    result: code("result", { codes: { good: 1, bad: 0 }, label: "Result", about: "how", counted: true }),
    name: actor("name", { label: "Name", about: "who" }),
    tags: terms("tags_id", { label: "Tags", about: "one of its tags", facetLabel: "Tag" }),
  },
  fieldsFirst: ["tags"],
  listFirst: [],
  facets: ["result", "tags", "name"],
});

const SURFACE = createSurface(VISITS, {
  stream: "kube_request",
  table: "visit",
  time: "at",
  outcome: "result",
  counters: [{ table: "visit_minute", time: "minute", milliseconds: MINUTE_MS }],
  totals: [],
});

const window = { from: new Date("2026-11-20T10:00:00Z"), to: new Date("2026-11-20T11:00:00Z") };
const reference = { now: window.to, timeZone: "UTC" };
const scope = auditScope(systemContext("test"));
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`
    CREATE TABLE visit (at timestamptz(3), no bigint, ledger_id smallint, result smallint, actor_id int, tags_id int);
    CREATE TABLE visit_minute (minute timestamptz(0), ledger_id smallint, result smallint, count int);
    INSERT INTO audit_actor (id, kind, subject_id, name, email) VALUES (901, 'user', 'u', 'Ada', 'ada@x.y'), (902, 'user', 'v', '', '');
    INSERT INTO audit_dictionary (id, kind, value) VALUES (801, 'tags', E'eu\\nblue'), (802, 'tags', 'blue');
    INSERT INTO visit SELECT timestamptz '2026-11-20T10:00:00Z' + n * interval '1 minute', n, 0, n % 2,
      CASE WHEN n = 5 THEN 902 ELSE 901 END, (ARRAY[801, 802, NULL])[n % 3 + 1] FROM generate_series(1, 6) n;
    INSERT INTO visit_minute SELECT date_trunc('minute', at), 0, result, count(*) FROM visit GROUP BY 1, 3`);
});
afterAll(() => database.close());

function read(filter: string) {
  const parsed = parseFilter(filter, SURFACE.fields);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return readAudit(async (run) => {
    const query = await prepareQuery(run, {
      surface: SURFACE,
      scope,
      window,
      filter: parsed.filter,
      reference,
    });
    const entries = await entryReader(VISITS)(run, await readRows(run, query, { limit: 10 }));
    return { entries, facets: await readFacets(run, query), histogram: await readHistogram(run, query) };
  });
}

it("has entries as its schema tells them, and a filter for each column", async () => {
  const { entries } = await read("tags = eu AND result = good");
  expect(entries).toEqual([
    { no: 3, at: "2026-11-20T10:03:00.000Z", result: "good", name: "Ada", tags: ["eu", "blue"] },
  ]);
  z.strictObject(toldShape(VISITS)).parse(entries[0]);
  const { entries: untagged } = await read("NOT tags:*");
  expect(untagged.map(({ no, name, tags }) => [no, name, tags])).toEqual([
    [5, null, []],
    [2, "Ada", []],
  ]);
  expect(SURFACE.fields.fields.map(({ name }) => name)).toEqual(["tags", "no", "at", "result", "name"]);
});

it("counts facets of counted columns by counters, others by rows, and each text of a list", async () => {
  await database.pool.query("UPDATE visit_minute SET count = count + 10");
  const { facets } = await read("");
  await database.pool.query("UPDATE visit_minute SET count = count - 10");
  expect(facets.exact).toBe(true);
  expect(facets.facets).toEqual([
    { field: "result", label: "Result", values: values(["bad", 33], ["good", 33]), more: false, exact: true },
    {
      field: "tags",
      label: "Tag",
      values: values(["blue", 4], [null, 2], ["eu", 2]),
      more: false,
      exact: true,
    },
    { field: "name", label: "Name", values: values(["Ada", 5], [null, 1]), more: false, exact: true },
  ]);
  const { facets: filtered } = await read("tags = eu");
  expect(filtered.facets[1]?.values).toEqual(values(["eu", 2], ["blue", 2]));
});

it("says which facets were counted in a part of the rows", async () => {
  await database.pool.query(`
    INSERT INTO visit SELECT timestamptz '2026-11-20T10:30:00Z', n, 0, 1, 901, 802 FROM generate_series(7, 200_006) n;
    INSERT INTO visit_minute SELECT '2026-11-20T10:30:00Z', 0, 1, 200_000`);
  const { facets } = await read("");
  await database.pool.query("DELETE FROM visit WHERE no > 6; DELETE FROM visit_minute WHERE count = 200_000");
  const [result, tags] = facets.facets;
  expect(facets.exact).toBe(false);
  expect(result).toMatchObject({ exact: true, values: values(["good", 200_003], ["bad", 3]) });
  expect(tags).toMatchObject({ exact: false, values: values(["blue", 200_000]) });
});

it("has a histogram of its outcomes and a file of its columns", async () => {
  const { histogram } = await read("");
  expect(histogram.buckets.reduce((sum, { success }) => sum + success, 0)).toBe(3);
  const { fields, columns } = fileColumns(VISITS, "at");
  expect(fields).toEqual(["no", "at", "result", "name", "tags"]);
  expect(columns.map(({ holds }) => holds)).toEqual(["number", "time", "word", "id", "id"]);
});

const values = (...counts: [string | null, number][]) => counts.map(([value, count]) => ({ value, count }));
