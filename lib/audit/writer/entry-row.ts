import { type Columns, entryKeyOf } from "../columns/derived/schema.ts";
import { countedColumns, type SqlColumn, sqlColumns } from "../columns/derived/sql-columns.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import type { DictionaryKind, Term, TermIds } from "../store/dictionary.ts";
import { type RowSource, type RowValue, rowValue, termReader } from "../store/row-value.ts";

const COLUMNS: Columns = REQUEST_AUDIT.columns;

/** An interned column and the value that an entry has for it. */
interface Interned {
  kind: DictionaryKind;
  /** The gateway saw it itself. */
  seen: boolean;
  read(entry: KubeRequestEntry): string | null;
}

/** What a gateway's entry has. */
const SOURCE: RowSource<KubeRequestEntry> = {
  reader<Value>({ key, column }: SqlColumn) {
    const named = entryKeyOf(key, column) as keyof KubeRequestEntry;
    return (entry: KubeRequestEntry) => entry[named] as Value;
  },
  actor: (entry) => entry.actor,
  cluster: (entry) => entry.cluster,
};

const SQL_COLUMNS = sqlColumns(COLUMNS);

const INTERNED: readonly Interned[] = SQL_COLUMNS.flatMap((sqlColumn) => {
  const { key, column } = sqlColumn;
  if (column.stored.holds !== "term" || column.entry === null) return [];
  return [
    {
      kind: key as DictionaryKind,
      seen: column.facts.seen === true,
      read: termReader(sqlColumn, SOURCE),
    },
  ];
});

/** The strings of an entry's row that the dictionary holds. */
export function* termsOfEntry(entry: KubeRequestEntry): Generator<Term> {
  const stranger = entry.actor.kind === "anonymous";
  for (const { kind, seen, read } of INTERNED) {
    const value = read(entry);
    if (value !== null) yield { kind, value, ofStranger: stranger && !seen };
  }
}

/** An entry whose message has the words for which there is no room in the dictionary: nothing is lost but that they can be filtered by. */
export function withWordsLeftOut(entry: KubeRequestEntry, ids: TermIds): KubeRequestEntry {
  if (entry.actor.kind !== "anonymous") return entry;
  const leftOut = INTERNED.flatMap(({ kind, read }) => {
    const value = read(entry);
    return value && ids.string(kind, value) === null ? [`${kind} ${JSON.stringify(value)}`] : [];
  });
  if (leftOut.length === 0) return entry;
  return { ...entry, message: `${entry.message ?? ""} [not to be filtered by: ${leftOut.join(", ")}]` };
}

/** A column of the batch's insert: its name, the array type that carries it, and its value for an entry. */
interface WrittenColumn {
  name: string;
  type: string;
  value: RowValue<KubeRequestEntry>;
}

/** Of actors and clusters an entry has all that its row needs. */
const isWritten = ({ column: { stored, entry } }: SqlColumn): boolean =>
  entry !== null || stored.holds === "actor" || stored.holds === "cluster";
const written = (column: SqlColumn): WrittenColumn => {
  return { name: column.name, type: column.type, value: rowValue(column, SOURCE) };
};

/** The columns of `kube_request`, without the number and the ledger. */
export const REQUEST_COLUMNS: readonly WrittenColumn[] = SQL_COLUMNS.filter(isWritten).map(written);

interface CountedColumn extends WrittenColumn {
  value: (entry: KubeRequestEntry, ids: TermIds) => number | null;
}

/** Those of them that its counters are kept by: ids and codes. */
export const COUNTED_COLUMNS = countedColumns(REQUEST_AUDIT).map(written) as readonly CountedColumn[];

/** Types whose values come from elsewhere as text. */
const OF_WORDS: ReadonlySet<string> = new Set(["text", "uuid"]);

/** The arrays of a batch, one a column: as PostgreSQL reads them where no value needs quotes, else as the driver writes them. */
export function columnArrays(
  entries: readonly KubeRequestEntry[],
  ids: TermIds,
): (string | (string | number | null)[])[] {
  return REQUEST_COLUMNS.map(({ type, value }) => {
    const values = entries.map((entry) => value(entry, ids));
    return OF_WORDS.has(type) ? values : plainArray(values);
  });
}

/** An array's text of numbers or times. The driver would look through each for what is to be escaped. */
export function plainArray(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}
