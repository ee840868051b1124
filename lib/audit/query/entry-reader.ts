import type { z } from "zod";
import type { Columns, ColumnTable, ToldShape } from "../columns/derived/schema.ts";
import { sqlColumns } from "../columns/derived/sql-columns.ts";
import type { Column } from "../columns/schema.ts";
import { parseGroups } from "../store/dictionary.ts";
import type { RunSql } from "../store/sql.ts";
import type { FactRow } from "./rows.ts";
import { actorPart, clusterPart, wordOfKind, wordsByCode } from "./stored-values.ts";
import { readTexts, type Texts } from "./texts.ts";

/** An entry of a table as the API tells it. */
export type ToldEntry<C extends Columns> = z.infer<z.ZodObject<ToldShape<C>>>;

type ReadValue = (row: Readonly<Record<string, unknown>>, texts: Texts) => unknown;

/** Makes what turns rows into entries: it puts texts in the place of ids, which are read together. */
export function entryReader<C extends Columns>({ columns }: ColumnTable<C>) {
  const told = Object.entries(columns).filter(([, { api }]) => api !== null);
  const readers = told.map(([key, column]) => [key, valueReader(column)] as const);
  // A copy has room for every field from the start; adding them one by one takes half as long again.
  const blank = Object.fromEntries(told.map(([key]) => [key, null]));
  const named = (...kinds: Column["stored"]["holds"][]) =>
    sqlColumns(columns).flatMap(({ name, column }) => (kinds.includes(column.stored.holds) ? name : []));
  const [terms, actors, clusters] = [named("term"), named("actor", "actorKind"), named("cluster")];
  return async (run: RunSql, rows: readonly FactRow[]): Promise<ToldEntry<C>[]> => {
    const texts = await readTexts(run, {
      terms: idsOf(rows, terms),
      actors: idsOf(rows, actors) as Iterable<number>,
      clusters: idsOf(rows, clusters),
    });
    return rows.map((row) => {
      const entry: Record<string, unknown> = { ...blank };
      for (const [key, read] of readers) entry[key] = read(row, texts);
      return entry as ToldEntry<C>;
    });
  };
}

function* idsOf(rows: readonly FactRow[], names: readonly string[]): Generator<number | null> {
  for (const row of rows) for (const name of names) yield row[name] as number | null;
}

function valueReader({ stored, facts }: Column): ReadValue {
  const { column } = stored;
  const id = (row: Readonly<Record<string, unknown>>) => row[column] as number;
  switch (stored.holds) {
    case "term":
      if (stored.list) return (row, texts) => parseGroups(texts.term(id(row)));
      return facts.required ? (row, texts) => texts.term(id(row)) ?? "" : (row, texts) => texts.term(id(row));
    case "actor": {
      const [part] = stored.of;
      return (row, texts) => actorPart(texts.actor(id(row)), part!);
    }
    case "actorKind":
      return (row, texts) => wordOfKind(stored.kinds, texts.actor(id(row)).kind);
    case "cluster":
      return (row, texts) => clusterPart(texts.cluster(id(row)), stored.of);
    case "code": {
      const words = wordsByCode(stored.codes);
      return (row) => words[id(row)];
    }
    case "time":
      return (row) => (row[column] as Date | null)?.toISOString() ?? null;
    default:
      return (row) => row[column];
  }
}
