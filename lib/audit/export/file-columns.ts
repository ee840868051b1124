import type { ColumnTable } from "../columns/derived/schema.ts";
import type { Column } from "../columns/schema.ts";
import { actorPart, clusterPart, wordOfKind, wordsByCode } from "../query/stored-values.ts";
import type { Texts } from "../query/texts.ts";
import { parseGroups } from "../store/dictionary.ts";
import type { CellFormat } from "./encode.ts";

/** How a field of an entry is written from one column of its table, read as text. */
export type FileColumn = {
  sql: string;
  /** What is written for NULL, where that is not the format's absent value. */
  absent?: (cells: CellFormat) => string;
} & (
  | { holds: "number" | "text" | "uuid" }
  /** Milliseconds since the epoch. */
  | { holds: "time" }
  /** A small number that stands for a word. */
  | { holds: "word"; words: readonly string[] }
  | {
      holds: "id";
      of: "terms" | "actors" | "clusters";
      write(texts: Texts, id: number, cells: CellFormat): string;
    }
);

/** A file of one table: the fields of an entry in the order of the file, and the column of each. */
export interface FileColumns {
  fields: readonly string[];
  columns: readonly FileColumn[];
  /** The field of the time that rows are ordered by. */
  time: string;
}

/** A file of what the API tells of a table: the same as its entries, without making any. */
export function fileColumns({ columns }: ColumnTable, time: string): FileColumns {
  const told = Object.entries(columns).filter(([, { api }]) => api !== null);
  return { fields: told.map(([key]) => key), time, columns: told.map(([, column]) => fileColumn(column)) };
}

const orAbsent = (value: string | null, cells: CellFormat): string =>
  value === null ? cells.absent : cells.text(value);

function fileColumn({ stored }: Column): FileColumn {
  const sql = stored.column;
  switch (stored.holds) {
    case "number":
    case "text":
    case "uuid":
      return { sql, holds: stored.holds };
    case "time":
      // As a number, since the text of a time follows the session's settings.
      return { sql: `(extract(epoch FROM ${sql}) * 1000)::bigint`, holds: "time" };
    case "code":
      return { sql, holds: "word", words: wordsByCode(stored.codes) };
    case "term":
      return stored.list ? listColumn(sql) : termColumn(sql);
    case "actor": {
      const [part] = stored.of;
      return idColumn(sql, "actors", (texts, id, cells) =>
        orAbsent(actorPart(texts.actor(id), part!), cells),
      );
    }
    case "actorKind":
      return idColumn(sql, "actors", (texts, id, cells) =>
        cells.plain(wordOfKind(stored.kinds, texts.actor(id).kind)),
      );
    case "cluster":
      return idColumn(sql, "clusters", (texts, id, cells) =>
        orAbsent(clusterPart(texts.cluster(id), stored.of), cells),
      );
    case "recordingText":
      throw new Error("no row holds what was typed and shown in a session");
  }
}

type IdColumn = Extract<FileColumn, { holds: "id" }>;

const idColumn = (sql: string, of: IdColumn["of"], write: IdColumn["write"]): FileColumn => {
  return { sql, holds: "id", of, write };
};

const termColumn = (sql: string): FileColumn =>
  idColumn(sql, "terms", (texts, id, cells) => cells.text(texts.term(id) ?? ""));

const listColumn = (sql: string): FileColumn => {
  const write: IdColumn["write"] = (texts, id, cells) => cells.list(parseGroups(texts.term(id)));
  return { ...idColumn(sql, "terms", write), absent: (cells) => cells.list([]) };
};
