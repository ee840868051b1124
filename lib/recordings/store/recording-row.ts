import type { z } from "zod";
import { type WrittenShape, writtenShape } from "../../audit/columns/derived/schema.ts";
import { type SqlColumn, sqlColumns } from "../../audit/columns/derived/sql-columns.ts";
import { RECORDINGS } from "../../audit/columns/recordings/schema.ts";
import type { DictionaryKind, Term, TermIds } from "../../audit/store/dictionary.ts";
import { LEDGER_ID } from "../../audit/store/ledger.ts";
import { type RowSource, rowValue, termReader } from "../../audit/store/row-value.ts";
import type { RecordedSession } from "../recorded-session.ts";

/** What the row of a recording says beside who and where; absent values are null. */
type Written = z.infer<z.ZodObject<WrittenShape<typeof RECORDINGS.columns>>>;
export interface RecordingFacts extends Written {
  actor: RecordedSession["actor"];
  cluster: RecordedSession["cluster"];
}

const WRITTEN: ReadonlySet<string> = new Set(Object.keys(writtenShape(RECORDINGS)));

const SOURCE: RowSource<RecordingFacts> = {
  reader<Value>({ key }: SqlColumn) {
    return (facts: RecordingFacts) => facts[key as keyof Written] as Value;
  },
  actor: ({ actor }) => actor,
  cluster: ({ cluster }) => cluster,
};

const COLUMNS = sqlColumns(RECORDINGS.columns).filter(
  ({ key, column }) =>
    WRITTEN.has(key) || column.stored.holds === "actor" || column.stored.holds === "cluster",
);
const TERMS = COLUMNS.filter(({ column }) => column.stored.holds === "term").map((column) => {
  return { kind: column.key as DictionaryKind, read: termReader(column, SOURCE) };
});
const VALUES = COLUMNS.map((column) => rowValue(column, SOURCE));

const names = COLUMNS.map(({ name }) => name).join(", ");
const parameters = COLUMNS.map(({ type }, index) => `$${index + 3}::${type}`).join(", ");

/** The row of one recording. Parameters: the ledger, the number, the values. */
export const INSERT_RECORDING = `INSERT INTO recording (ledger_id, no, ${names})
  VALUES ($1::smallint, $2::bigint, ${parameters})`;

/** Of `INSERT_RECORDING`. */
export const insertParameters = (no: number, facts: RecordingFacts, ids: TermIds): unknown[] => [
  LEDGER_ID,
  no,
  ...VALUES.map((value) => value(facts, ids)),
];

/** The texts of a row that the dictionary holds. */
export function termsOfRecording(facts: RecordingFacts): Term[] {
  return TERMS.flatMap(({ kind, read }) => {
    const value = read(facts);
    return value === null || value === "" ? [] : [{ kind, value }];
  });
}
