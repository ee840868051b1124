import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeEntries } from "../../../test/audit/store-entries.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { auditScope } from "../../access/permission.ts";
import { systemContext } from "../../context.ts";
import { toEventEntries } from "../event-history/entries.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import { prepareQuery, readAudit } from "../query/audit-query.ts";
import { readRows } from "../query/rows.ts";
import { toEntries } from "../request-audit/entries.ts";
import { readRequestQuery } from "../request-audit/read.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import { createEncoder } from "./encode.ts";
import { ExportFormat } from "./schema.ts";
import { EVENT_COLUMNS, REQUEST_COLUMNS } from "./source.ts";
import { startExport } from "./start.ts";

const HOUR = 3_600_000;
const now = Date.now();
const from = new Date(now - 24 * HOUR).toISOString();
/** The events of the exports themselves, which have no cluster, are in it. */
const to = new Date(now + HOUR).toISOString();
const ctx = systemContext("test");
const scope = auditScope(ctx);
const read = readRequestQuery({ from, to, timeZone: "UTC" });
/** More than a file keeps the texts of, so that some are forgotten and read again. */
const ROWS = 9_500;
const ODD = ["", '"', ",", "=1+1", " x ", "\ufeffx", "é\u2028", "👩‍🚀", "a\\b", "\ty", "-"];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const middle = now - 12 * HOUR;
  const entries = Array.from(
    generateEntries({ count: ROWS, from: middle - HOUR, to: middle }),
    (entry, index) => {
      const odd = ODD[index % ODD.length]!;
      return {
        ...entry,
        executedAt: Math.min(entry.executedAt, middle),
        command: index % 3 === 0 ? null : `${odd}kubectl get pod p-${index % 6_000}${odd}`,
        resourceName: index % 5 === 0 ? null : `${odd}${index}`,
        message: odd || null,
        kubernetesGroups: index % 7 === 0 ? [] : [`team-${index}`, `${odd}b`],
        exitCode: index % 2 === 0 ? -1 : null,
        sessionId: index % 4 === 0 ? null : entry.callId,
      };
    },
  );
  await storeEntries(database.pool, entries, 1_000);
}, 60_000);
afterAll(() => database.close());

const SOURCES = {
  "request-audit": { surface: REQUEST_SURFACE, fields: REQUEST_COLUMNS.fields, toEntries, atLeast: ROWS },
  "event-history": {
    surface: EVENT_SURFACE,
    fields: EVENT_COLUMNS.fields,
    toEntries: toEventEntries,
    atLeast: ROWS / 10,
  },
} as const;

describe.each(["request-audit", "event-history"] as const)("%s", (source) => {
  it.each(ExportFormat.options)(
    "is written as %s with what the entries hold, however many texts there are",
    async (format) => {
      const { surface, fields, toEntries: entriesOf, atLeast } = SOURCES[source];
      const entries = await readAudit(async (run) => {
        const query = await prepareQuery(run, { surface, scope, ...read });
        return entriesOf(run, await readRows(run, query, { limit: ROWS + 1 }));
      });
      expect(entries.length).toBeGreaterThanOrEqual(atLeast);
      const { body } = await startExport({ ctx, scope, source, format, read });
      const file = await new Response(body).text();
      const { head, lead, entry, tail } = createEncoder(format, fields);
      const wanted = entries.map((each, index) => lead(index === 0) + entry(each)).join("");
      expect(file === head + wanted + tail).toBe(true);
    },
  );
});

it("goes on after what a row's handling throws", async () => {
  const failing = readAudit((_run, runRaw) =>
    runRaw("SELECT generate_series(1, 1000)", [], ([value]) => {
      if (value === "7") throw new Error("seven");
    }),
  );
  await expect(failing).rejects.toThrow("seven");
  const values: (string | null)[] = [];
  await readAudit((_run, runRaw) =>
    runRaw("SELECT $1::int UNION ALL SELECT NULL", [7], ([value]) => values.push(value ?? null)),
  );
  expect(values).toEqual(["7", null]);
  await expect(readAudit((_run, runRaw) => runRaw("SELECT 1/0", [], () => undefined))).rejects.toMatchObject({
    code: "22012",
  });
});
