import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { EVENT_SURFACE } from "../event-history/surface.ts";
import type { Surface } from "../query/surface.ts";
import { RECORDING_SURFACE } from "../recordings/surface.ts";
import { REQUEST_SURFACE } from "../request-audit/surface.ts";
import type { ColumnTable } from "./derived/schema.ts";
import { countedColumns, type SqlColumn, sqlColumns } from "./derived/sql-columns.ts";
import { EVENT_HISTORY } from "./event-history/schema.ts";
import { RECORDINGS } from "./recordings/schema.ts";
import { REQUEST_AUDIT } from "./request-audit/schema.ts";

const schemaFolder = path.resolve(import.meta.dirname, "../../../prisma/schema");
const prismaSchema = readdirSync(schemaFolder)
  .map((file) => readFileSync(path.join(schemaFolder, file), "utf8"))
  .join("\n");

type Described = Pick<SqlColumn, "name" | "type" | "nullable">;
const LEDGER: Described = { name: "ledger_id", type: "smallint", nullable: false };
const OF_COUNTERS: Described[] = [LEDGER, { name: "count", type: "integer", nullable: false }];

const FORMATTED: Readonly<Record<string, string>> = { timestamptz: "timestamp(3) with time zone" };
/** As a table's definition has a column. */
const definition = ({ name, type, nullable }: Described): string =>
  `${name} ${FORMATTED[type] ?? type}${nullable ? "" : " not null"}`;

const PRISMA_TYPES: Readonly<Record<string, { type: string; native?: string }>> = {
  text: { type: "String" },
  uuid: { type: "String", native: "@db.Uuid" },
  bigint: { type: "BigInt" },
  integer: { type: "Int" },
  smallint: { type: "Int", native: "@db.SmallInt" },
  timestamptz: { type: "DateTime", native: "@db.Timestamptz(3)" },
};

/** As the Prisma schema has it: the line to paste where it is missing. */
function prismaLine({ name, type, nullable }: Described): string {
  const field = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const prisma = PRISMA_TYPES[type]!;
  return [
    field,
    `${prisma.type}${nullable ? "?" : ""}`,
    ...(field === name ? [] : [`@map("${name}")`]),
    ...(prisma.native ? [prisma.native] : []),
  ].join(" ");
}

/** The fields of a table's model, each in one line with single blanks. */
function prismaLinesOf(table: string): string[] {
  const model = prismaSchema.split(/^model /m).find((text) => text.includes(`@@map("${table}")`));
  const lines = (model ?? "").split("\n").slice(1);
  return lines.filter((line) => /^ {2}\w/.test(line)).map((line) => line.trim().replace(/ +/g, " "));
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** The columns of a table in the migrated database. */
async function definitionsOf(table: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ definition: string }>(
    `SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END AS definition
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return rows.map((row) => row.definition);
}

const SURFACES: [ColumnTable, Surface][] = [
  [REQUEST_AUDIT, REQUEST_SURFACE],
  [EVENT_HISTORY, EVENT_SURFACE],
  [RECORDINGS, RECORDING_SURFACE],
];

describe.each(SURFACES)("$name", (table, { table: stored, counters }) => {
  const described = [...sqlColumns(table.columns), LEDGER];

  it("has every column in the migrated database, and no other", async () => {
    expect((await definitionsOf(stored)).toSorted()).toEqual(described.map(definition).toSorted());
  });

  it("has every column in the Prisma schema, and no other", () => {
    expect(prismaLinesOf(stored).toSorted()).toEqual(described.map(prismaLine).toSorted());
  });

  it("has counters by every counted column, and no other", async () => {
    const counted = countedColumns(table).map((column) => ({ ...column, nullable: false }));
    for (const { table: counter, time } of counters) {
      const columns = [...counted, ...OF_COUNTERS].map(definition);
      const begins = `${time} timestamp(0) with time zone not null`;
      expect((await definitionsOf(counter)).toSorted(), counter).toEqual([...columns, begins].toSorted());
    }
  });
});
