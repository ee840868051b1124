import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import fc from "../../../test/properties.ts";
import { withClient } from "../../db/pool.ts";
import { BinaryRows } from "./binary-rows.ts";
import { copyRows } from "./copy-rows.ts";
import { storableText } from "./stored-text.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(`CREATE TABLE written (
    place integer, truth boolean, small smallint, middle integer, big bigint, at timestamptz(3), id uuid, words text, bytes bytea)`);
});
afterAll(() => db.close());

const COPY = "COPY written FROM STDIN (FORMAT binary)";
const MAX_BYTES = 300;

interface Row {
  truth: boolean;
  small: number;
  middle: number;
  big: number;
  at: number;
  id: string;
  words: string;
  bytes: string;
}

const rowsOf = (values: readonly (Row | null)[]): BinaryRows => {
  const rows = new BinaryRows(9);
  for (const [place, row] of values.entries()) {
    rows.beginRow();
    rows.integer(place);
    if (row === null) for (let column = 0; column < 8; column++) rows.null();
    else write(rows, row);
  }
  return rows;
};

function write(rows: BinaryRows, row: Row): void {
  rows.boolean(row.truth);
  rows.smallint(row.small);
  rows.integer(row.middle);
  const place = rows.bigint(0);
  rows.time(row.at);
  rows.uuid(row.id);
  rows.text(row.words, MAX_BYTES);
  rows.hex(row.bytes);
  rows.setBigint(place, row.big);
}

async function stored(): Promise<(Row | null)[]> {
  const { rows } = await db.pool.query<Row & { at: string | null }>(
    `SELECT truth, small, middle, big, (extract(epoch FROM at) * 1000)::bigint AS at, id, words, encode(bytes, 'hex') AS bytes
     FROM written ORDER BY place`,
  );
  await db.pool.query("TRUNCATE written");
  return rows.map((row) => (row.at === null ? null : row));
}

const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
/** What no text of PostgreSQL holds (NUL, half a character) among it. */
const words = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", minLength: 60 }),
  fc.constant("\ud800x\u0000"),
);
const row: fc.Arbitrary<Row> = fc.record({
  truth: fc.boolean(),
  small: whole(16),
  middle: whole(32),
  big: fc.maxSafeInteger(),
  at: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9999, 11, 31) }),
  id: fc.uuid(),
  words: words.filter((text) => Buffer.byteLength(text) <= MAX_BYTES),
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex")),
});

test("whatever is written is what PostgreSQL has", async () => {
  const given = fc.sample(fc.option(row, { freq: 10 }), 2_000);
  await withClient(db.pool, (client) => copyRows(client, COPY, rowsOf(given).end()));
  const kept = given.map((each) => each && { ...each, words: storableText(each.words) });
  expect(await stored()).toEqual(kept);
});

test("long texts are cut where a character ends, and a UUID may be in capitals", async () => {
  const [sample] = fc.sample(row, 1);
  const given = { ...sample!, words: "ä".repeat(MAX_BYTES), id: "0193C0DE-0000-7000-8000-0000000000AB" };
  await withClient(db.pool, (client) => copyRows(client, COPY, rowsOf([given]).end()));
  const [kept] = await stored();
  expect(kept!.id).toBe(given.id.toLowerCase());
  expect(kept!.words).toMatch(/^ä+…$/);
  expect(Buffer.byteLength(kept!.words)).toBeLessThanOrEqual(MAX_BYTES);
});

test.each([
  ["time", (rows: BinaryRows) => rows.time(Number.NaN)],
  ["UUID without hyphens", (rows: BinaryRows) => rows.uuid("0193c0de00007000800000000000000000ab")],
  [
    "UUID with another script's digits",
    (rows: BinaryRows) => rows.uuid("0193c0de-0000-7000-8000-0000000000\u0661b"),
  ],
  ["half a byte", (rows: BinaryRows) => rows.hex("abc")],
])("%s is refused", (_, wrong) => {
  expect(() => wrong(new BinaryRows(1))).toThrow(/^got /);
});

test("a refused COPY tells why, and its connection goes on", async () => {
  const [sample] = fc.sample(row, 1);
  const broken = new BinaryRows(2);
  broken.beginRow();
  broken.integer(0);
  broken.boolean(true);
  await withClient(db.pool, async (client) => {
    await expect(copyRows(client, COPY, broken.end())).rejects.toThrow("row field count is 2, expected 9");
    await expect(copyRows(client, "COPY nowhere FROM STDIN (FORMAT binary)", broken.end())).rejects.toThrow(
      "nowhere",
    );
    await copyRows(client, COPY, rowsOf([sample!]).end());
  });
  expect(await stored()).toHaveLength(1);
});
