import { readTexts, type Texts } from "../query/texts.ts";
import type { RawRow, RunSql } from "../store/sql.ts";
import { Chunks } from "./chunks.ts";
import type { Encoder } from "./encode.ts";
import type { FileColumn } from "./file-columns.ts";

/** Ids whose cells a file keeps a column; more are forgotten together. */
const MOST_CELLS = 4_000;

/** Writes rows as they come from the database: no entry is made of one, and what an id stands for is written once. */
export interface RowWriter {
  /** `begun`: rows stand before these in the file. */
  begin(begun: boolean): RowBatch;
}

/** Rows on their way into the file. */
interface RowBatch {
  add(row: RawRow): void;
  /** Reads the texts that were missing, and ends with the rows' chunks. */
  end(run: RunSql): Promise<Buffer[]>;
}

/** `encoder`: made for the fields of the columns, in the same order. */
export function createRowWriter(encoder: Encoder, columns: readonly FileColumn[]): RowWriter {
  const known = columns.map(() => new Map<string, string>());
  const rowText = rowTextWriter(encoder, columns, known);
  return {
    begin(begun) {
      const chunks = new Chunks();
      // From the first row on whose texts are not all known: the order stays.
      const waiting: RawRow[] = [];
      let first = !begun;
      const write = (text: string) => {
        chunks.add(encoder.lead(first) + text);
        first = false;
      };
      return {
        add(row) {
          const text = waiting.length > 0 ? undefined : rowText(row);
          if (text === undefined) waiting.push(row);
          else write(text);
        },
        async end(run) {
          if (waiting.length > 0) await learnCells({ run, columns, known, encoder }, waiting);
          for (const row of waiting) {
            const text = rowText(row);
            if (text === undefined) throw new Error("a row cannot be written: a text is missing");
            write(text);
          }
          return chunks.end();
        },
      };
    },
  };
}

/** Undefined where a text is not known yet. */
function rowTextWriter(
  encoder: Encoder,
  columns: readonly FileColumn[],
  known: readonly Map<string, string>[],
): (row: RawRow) => string | undefined {
  const { cells } = encoder;
  const writers = columns.map((column, index) => cellWriter(column, known[index]!, encoder));
  const absent = columns.map(({ absent }) => (absent === undefined ? cells.absent : absent(cells)));
  return (row) => {
    let text = "";
    for (let index = 0; index < writers.length; index++) {
      const value = row[index];
      const cell = value === null || value === undefined ? absent[index] : writers[index]!(value);
      if (cell === undefined) return undefined;
      text += cells.before[index]! + cell;
    }
    return text + cells.end;
  };
}

type WriteCell = (value: string) => string | undefined;

/** Undefined for an id whose text is not known yet. */
function cellWriter(column: FileColumn, known: Map<string, string>, { cells }: Encoder): WriteCell {
  switch (column.holds) {
    case "number":
      return (value) => value;
    case "text":
      return cells.text;
    case "uuid":
      return cells.plain;
    case "time":
      return (value) => cells.plain(new Date(Number(value)).toISOString());
    case "word":
      return (value) => cells.plain(column.words[Number(value)]!);
    case "id":
      return (value) => known.get(value);
  }
}

interface Learning {
  run: RunSql;
  columns: readonly FileColumn[];
  known: readonly Map<string, string>[];
  encoder: Encoder;
}

async function learnCells(
  { run, columns, known, encoder }: Learning,
  rows: readonly RawRow[],
): Promise<void> {
  const ids = columns.map((column, index) => (column.holds === "id" ? idsOf(rows, index) : []));
  const of = (kind: "terms" | "actors" | "clusters") =>
    new Set(
      columns.flatMap((column, index) => (column.holds === "id" && column.of === kind ? ids[index]! : [])),
    );
  const texts: Texts = await readTexts(run, {
    terms: of("terms"),
    actors: of("actors"),
    clusters: of("clusters"),
  });
  for (const [index, column] of columns.entries()) {
    if (column.holds !== "id") continue;
    const cellsOfColumn = known[index]!;
    if (cellsOfColumn.size > MOST_CELLS) cellsOfColumn.clear();
    for (const id of ids[index]!) {
      const key = String(id);
      if (!cellsOfColumn.has(key)) cellsOfColumn.set(key, column.write(texts, id, encoder.cells));
    }
  }
}

function idsOf(rows: readonly RawRow[], index: number): number[] {
  const ids = new Set<string>();
  for (const row of rows) if (row[index] !== null) ids.add(row[index]!);
  return Array.from(ids, Number);
}
