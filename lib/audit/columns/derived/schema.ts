import type { z } from "zod";
import type { FieldSet, FieldType, FilterField } from "../../../filter/fields.ts";
import type { Column } from "../schema.ts";

export type Columns = Readonly<Record<string, Column>>;

/** The columns of one kind of audit data, in the order of the API and of files: a new one comes last. */
export interface ColumnTable<C extends Columns = Columns> {
  /** As the console's page is called. */
  name: string;
  columns: C;
  /** The fields that a filter is offered first; the others follow in the columns' order. */
  fieldsFirst: readonly string[];
  /** The columns that stand first in the console's list; the others that it has follow in the columns' order. */
  listFirst: readonly string[];
  /** Whose most frequent values are counted beside the list, in this order. */
  facets: readonly string[];
}

type Orders<C> = Record<"fieldsFirst" | "listFirst" | "facets", readonly (keyof C & string)[]>;

/** Makes a table: the compiler wants every name in its orders to be a column's. */
export const columnTable = <const C extends Columns>(table: ColumnTable<C> & Orders<C>): ColumnTable<C> =>
  table;

/** The schemas of what the API tells, by key. */
export type ToldShape<C extends Columns> = {
  [Key in keyof C as C[Key]["api"] extends z.ZodType ? Key : never]: Extract<C[Key]["api"], z.ZodType>;
};

/** Of an entry as the API and the exports have it. */
export function toldShape<C extends Columns>({ columns }: ColumnTable<C>): ToldShape<C> {
  const told = Object.entries(columns).filter(([, { api }]) => api !== null);
  return Object.fromEntries(told.map(([key, { api }]) => [key, api])) as ToldShape<C>;
}

type EntryKey<C extends Columns, Key extends keyof C> = C[Key] extends {
  entryKey?: infer Named extends string;
}
  ? Named
  : Key;

/** What the writer finds in an entry of the gateway's, by the entry's key. */
export type WrittenShape<C extends Columns> = {
  [Key in keyof C as C[Key]["entry"] extends z.ZodType ? EntryKey<C, Key> : never]: Extract<
    C[Key]["entry"],
    z.ZodType
  >;
};

/** The key of a column in an entry of the gateway's; null where none has it. */
export function entryKeyOf(key: string, { entry, facts }: Column): string | null {
  return entry === null ? null : facts.entryKey || key;
}

export function writtenShape<C extends Columns>({ columns }: ColumnTable<C>): WrittenShape<C> {
  const written = Object.entries(columns).flatMap(([key, column]) => {
    const named = entryKeyOf(key, column);
    return named === null ? [] : [[named, column.entry]];
  });
  return Object.fromEntries(written) as WrittenShape<C>;
}

/** A row of the table's columns as the driver reads it, by the names of SQL; with the key of every fact row. */
export type SqlRow<C extends Columns> = {
  [Key in keyof C as C[Key]["stored"]["column"]]: Exclude<C[Key]["row"], undefined>;
} & { ledger_id: number };

/** The columns whose values are in the dictionary; their keys are its kinds. */
export type TermKey<C extends Columns> = {
  [Key in keyof C & string]: C[Key]["stored"]["holds"] extends "term" ? Key : never;
}[keyof C & string];

/** Keys in an order: those named first, then the others as they stand. */
export function inOrder(columns: Columns, first: readonly string[]): string[] {
  return [...new Set([...first, ...Object.keys(columns)])];
}

/** The name of a column's filter field; null where no filter names it. */
export function fieldNameOf(key: string, { facts }: Column): string | null {
  return facts.field === false ? null : (facts.field ?? key);
}

/** What a filter over the table may name. */
export function fieldSet({ name, columns, fieldsFirst }: ColumnTable): FieldSet {
  const fields = inOrder(columns, fieldsFirst).flatMap((key) => fieldOf(key, columns[key] as Column) ?? []);
  return { surface: name, fields };
}

function fieldOf(key: string, column: Column): FilterField | null {
  const name = fieldNameOf(key, column);
  if (name === null) return null;
  const { facts } = column;
  const words = wordsOf(column);
  const values = words ?? facts.values;
  const keys = keysOf(key, column);
  return {
    name,
    label: facts.label,
    type: typeOf(column, values !== undefined),
    description: facts.about,
    ...(keys.join() !== name && { keys }),
    ...(facts.aliases && { aliases: facts.aliases }),
    ...(values && { values }),
    ...(words && { closed: true }),
    ...(!facts.required && !words && { nullable: true }),
    ...(facts.remainder && { remainder: facts.remainder }),
    ...(facts.operators && { operators: facts.operators }),
    ...(facts.leastCharacters && { leastCharacters: facts.leastCharacters }),
  };
}

/** The words of a column that has no others. */
function wordsOf({ stored, facts, api }: Column): readonly string[] | undefined {
  if (stored.holds === "code") return Object.keys(stored.codes);
  if (stored.holds === "actorKind") return Object.keys(stored.kinds);
  return facts.api && api && "options" in api ? (api.options as readonly string[]) : undefined;
}

/** The record's keys that hold the value: what is known of an actor is told by columns of its own. */
function keysOf(key: string, { stored, facts }: Column): readonly string[] {
  return facts.told === false && stored.holds === "actor" ? stored.of : [key];
}

function typeOf({ stored, facts }: Column, hasValues: boolean): FieldType {
  switch (stored.holds) {
    case "number":
      return facts.unit === "milliseconds" ? "duration" : "number";
    case "time":
      return "time";
    case "actor":
      return stored.of.length > 1 ? "list" : "string";
    case "term":
      return stored.list ? "list" : hasValues ? "enum" : "string";
    default:
      return hasValues ? "enum" : "string";
  }
}
