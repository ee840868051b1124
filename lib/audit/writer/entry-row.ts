import { countedColumns, type SqlColumn } from "../columns/derived/sql-columns.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { BinaryRows } from "../store/binary-rows.ts";
import { binaryValue, codeOf, type WriteValue } from "../store/binary-value.ts";
import { LEDGER_ID } from "../store/ledger.ts";
import { ACTOR, type BatchIds, CLUSTER, FIRST_TERM, NO_ID } from "./batch-ids.ts";
import { INTERNED, SOURCE, SQL_COLUMNS } from "./interned-columns.ts";

/** An entry whose message has the words for which there is no room in the dictionary: nothing is lost but that they can be filtered by. */
export function withWordsLeftOut(entry: KubeRequestEntry, index: number, ids: BatchIds): KubeRequestEntry {
  if (entry.actor.kind !== "anonymous") return entry;
  const leftOut = INTERNED.flatMap(({ kind, read }, column) => {
    const value = read(entry);
    return value && ids.of(index, FIRST_TERM + column) === NO_ID ? [`${kind} ${JSON.stringify(value)}`] : [];
  });
  if (leftOut.length === 0) return entry;
  return { ...entry, message: `${entry.message ?? ""} [not to be filtered by: ${leftOut.join(", ")}]` };
}

/** Where the id of a column stands; null where it holds none. */
function idPlace({ name, column: { stored } }: SqlColumn): number | null {
  switch (stored.holds) {
    case "actor":
    case "actorKind":
      return ACTOR;
    case "cluster":
      return CLUSTER;
    case "term":
      return FIRST_TERM + INTERNED.findIndex((interned) => interned.name === name);
    default:
      return null;
  }
}

interface WrittenColumn {
  name: string;
  /** Of its id; `write` is null then. */
  place: number;
  write: WriteValue<KubeRequestEntry> | null;
}

function written(column: SqlColumn): WrittenColumn {
  const place = idPlace(column);
  return { name: column.name, place: place ?? 0, write: place === null ? binaryValue(column, SOURCE) : null };
}

/** Of actors and clusters an entry has all that its row needs. */
const isWritten = ({ column: { stored, entry } }: SqlColumn): boolean =>
  entry !== null || stored.holds === "actor" || stored.holds === "cluster";

const COLUMNS: readonly WrittenColumn[] = SQL_COLUMNS.filter(isWritten).map(written);

/** The columns of `requestRows`. */
export const REQUEST_COLUMNS: readonly string[] = ["ledger_id", "no", ...COLUMNS.map(({ name }) => name)];

/** The rows of a batch, and where their numbers stand, which are given last. */
export function requestRows(entries: readonly KubeRequestEntry[], ids: BatchIds) {
  const rows = new BinaryRows(REQUEST_COLUMNS.length);
  const numbers = entries.map((entry, index) => {
    rows.beginRow();
    rows.smallint(LEDGER_ID);
    const number = rows.bigint(0);
    for (const { name, place, write } of COLUMNS) {
      if (write !== null) writeValue(rows, entry, name, write);
      else writeId(rows, ids.of(index, place));
    }
    return number;
  });
  return {
    /** Numbers the rows from `first` on. */
    numbered(first: number): Buffer {
      for (const [index, place] of numbers.entries()) rows.setBigint(place, first + index);
      return rows.end();
    },
  };
}

/** What no row can hold is told with its column's name. */
function writeValue(
  rows: BinaryRows,
  entry: KubeRequestEntry,
  name: string,
  write: WriteValue<KubeRequestEntry>,
): void {
  try {
    write(rows, entry);
  } catch (error) {
    throw new TypeError(`${name} ${(error as Error).message}`, { cause: error });
  }
}

function writeId(rows: BinaryRows, id: number): void {
  if (id === NO_ID) rows.null();
  else rows.integer(id);
}

interface CountedColumn {
  name: string;
  type: string;
  /** An id or a code; 0 stands for an absent one. */
  value(entry: KubeRequestEntry, index: number, ids: BatchIds): number;
}

/** The columns that counters are kept by. */
export const COUNTED_COLUMNS: readonly CountedColumn[] = countedColumns(REQUEST_AUDIT).map((column) => {
  const { name, type } = column;
  const place = idPlace(column);
  if (place !== null) return { name, type, value: (_entry, index, ids) => ids.of(index, place) };
  const { stored } = column.column;
  if (stored.holds !== "code") throw new Error(`${name} is counted by, and is neither an id nor a code`);
  const read = SOURCE.reader<string>(column);
  return { name, type, value: (entry) => codeOf(stored.codes, read(entry)) };
});
