import { type Columns, entryKeyOf } from "../columns/derived/schema.ts";
import { type SqlColumn, sqlColumns } from "../columns/derived/sql-columns.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import type { DictionaryKind } from "../store/dictionary.ts";
import { type RowSource, termReader } from "../store/row-value.ts";

const COLUMNS: Columns = REQUEST_AUDIT.columns;

/** What the database has of a call. */
export const SQL_COLUMNS: readonly SqlColumn[] = sqlColumns(COLUMNS);

/** What a gateway's entry has. */
export const SOURCE: RowSource<KubeRequestEntry> = {
  reader<Value>({ key, column }: SqlColumn) {
    const named = entryKeyOf(key, column) as keyof KubeRequestEntry;
    return (entry: KubeRequestEntry) => entry[named] as Value;
  },
  actor: (entry) => entry.actor,
  cluster: (entry) => entry.cluster,
};

/** An interned column and the value that an entry has for it. */
interface Interned {
  kind: DictionaryKind;
  /** Of its column in the database. */
  name: string;
  /** The gateway saw it itself. */
  seen: boolean;
  /** Empty text is a value, and not an absent one. */
  mayBeEmpty: boolean;
  read(entry: KubeRequestEntry): string | null;
}

export const INTERNED: readonly Interned[] = SQL_COLUMNS.flatMap((sqlColumn) => {
  const { key, name, column } = sqlColumn;
  if (column.stored.holds !== "term" || column.entry === null) return [];
  const kind = key as DictionaryKind;
  const seen = column.facts.seen === true;
  return [{ kind, name, seen, mayBeEmpty: kind === "verb", read: termReader(sqlColumn, SOURCE) }];
});
