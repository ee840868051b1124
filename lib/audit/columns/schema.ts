import { z } from "zod";
import type { FilterField } from "../../filter/fields.ts";

/** How a row holds a column's value, by the names and types of PostgreSQL. Nullable columns hold null for an absent value. */
export type Stored =
  /** An id of `audit_dictionary`, whose kind is the column's key; `list`: one text a line. */
  | { holds: "term"; column: string; list?: boolean; namesOf?: NamingTable }
  /** `audit_actor`: the value is in one of the named columns; empty text is absent. */
  | { holds: "actor"; column: string; of: readonly ActorPart[] }
  | { holds: "cluster"; column: string; of: ClusterPart }
  /** Cut at `maxBytes` bytes of UTF-8. */
  | { holds: "text"; column: string; maxBytes: number }
  | { holds: "uuid"; column: string }
  /** Whole numbers and durations. */
  | { holds: "number"; column: string; type: NumberType }
  | { holds: "time"; column: string }
  /** A small number that stands for a word. */
  | { holds: "code"; column: string; codes: Readonly<Record<string, number>> }
  /**
   * What was typed or shown in a recorded session. No row holds it: a filter finds the recordings that have it, by `column`; `kind` as
   * `recording_text` has it.
   */
  | { holds: "recordingText"; column: string; kind: number }
  /** Kinds of actors by the words that the surface has for them. */
  | { holds: "actorKind"; column: string; kinds: Readonly<Record<string, readonly string[]>> };

/** Tables whose `name`s are all that a column may say, but for those that were deleted or renamed since. */
export type NamingTable = "projects" | "departments" | "node_pools";

/** `source_name`: a person's email, an application's name. */
export type ActorPart = "name" | "email" | "subject_id" | "source_name";
export type ClusterPart = "name" | "endpoint" | "cluster_id";
export type NumberType = "bigint" | "integer" | "smallint";

/** Where a column stands in the console's list, and how wide it is in pixels. */
export interface ListPlace {
  width: number;
  /** Width where the rows lie on several days, so that times carry their date. */
  widthWithDay?: number;
  leastWidth?: number;
  /** Always shown, at the left. */
  pinned?: boolean;
  /** Shown until the viewer says otherwise. */
  byDefault?: boolean;
  /** Takes the width that the others leave, as long as it keeps `leastWidth`. */
  flexible?: boolean;
  /** Hidden while the drawer, which repeats it, is open. */
  yieldsToDrawer?: boolean;
  /** The list is ordered by it: its head turns the order round. */
  sorts?: boolean;
  /** Holds the row's number: as wide as the longest of them. */
  holdsNumber?: boolean;
}

/** What is said of a column, once for the filter, the API, the exports, the console and the docs. */
export interface ColumnFacts {
  /** As the console and the filter's completion call it. */
  label: string;
  /** What it holds, in a few words that begin in lower case. */
  about: string;
  /** The API's description where it says more than `about`. */
  apiText?: string;
  example?: string | number;
  /** Every row has a value. */
  required?: boolean;
  /** False: neither the API nor a file tells it. */
  told?: boolean;
  /** The API's own schema, where it is not that of the kind of column. */
  api?: z.ZodType;
  /** The name of its filter field, where that is not its key; false: no filter names it. */
  field?: string | false;
  /** What else a filter may call it. */
  aliases?: readonly string[];
  /** Known values, which completion offers. With `api` an enum, there are no others. */
  values?: readonly string[];
  /** Lists of terms: a filter may name only what is in this table, or was when a call was made. */
  namesOf?: NamingTable;
  remainder?: FilterField["remainder"];
  operators?: FilterField["operators"];
  leastCharacters?: number;
  /** Its values' counts are kept by the minute, hour and day. */
  counted?: boolean;
  facetLabel?: string;
  /** In what an entry names it where that is not its key; false: no entry of the gateway's has it. */
  entryKey?: string | false;
  /** Of a stranger's call, the gateway saw it itself: all else are a client's words, for which there is little room. */
  seen?: boolean;
  /** Numbers: what they count. */
  unit?: "bytes" | "milliseconds";
  /** Numbers: may be below zero. */
  signed?: boolean;
  list?: ListPlace;
  /** In the console it is set as an identifier; `dimmed`: as one of less weight in the list. */
  look?: "identifier" | "dimmed";
  /** The section of the console's drawer that has it as an ordinary fact; `absent`: what stands there without a value, nothing where it is left out. */
  fact?: { section: string; absent?: string };
}

/** A column of a surface. The type parameters are what a row, the API and an entry hold for it; null: nothing. */
export interface Column<
  Kept extends Stored = Stored,
  Row = unknown,
  Api extends z.ZodType | null = z.ZodType | null,
  Entry extends z.ZodType | null = z.ZodType | null,
  EntryKey = unknown,
> {
  stored: Kept;
  facts: ColumnFacts;
  api: Api;
  entry: Entry;
  /** Never there: they carry types. */
  row?: Row;
  entryKey?: EntryKey;
}

type Nullable<F, Schema extends z.ZodType> = F extends { required: true } ? Schema : z.ZodNullable<Schema>;
type Api<F, Schema extends z.ZodType> = F extends { told: false }
  ? null
  : F extends { api: infer Own extends z.ZodType }
    ? Own
    : Schema;
type Entry<F, Schema extends z.ZodType> = F extends { entryKey: false } ? null : Schema;
type EntryKey<F> = F extends { entryKey: infer Key extends string } ? Key : unknown;
type Row<F, Value> = F extends { required: true } ? Value : Value | null;

interface Kind {
  stored: Stored;
  /** The schemas of a value that is there. */
  api: z.ZodType;
  entry?: z.ZodType;
  /** Absent values are not null but have a value of their own, or none are. */
  neverNull?: boolean;
}

type Holding<Holds extends Stored["holds"], Sql extends string> = Extract<Stored, { holds: Holds }> & {
  column: Sql;
};

/** A column whose values are null where they are absent, unless each row has one. */
type PlainColumn<
  Holds extends Stored["holds"],
  Sql extends string,
  F,
  Value,
  Told extends z.ZodType,
  Written extends z.ZodType = Told,
> = Column<
  Holding<Holds, Sql>,
  Row<F, Value>,
  Api<F, Nullable<F, Told>>,
  Entry<F, Nullable<F, Written>>,
  EntryKey<F>
>;

/** The types are each maker's own: see `Column`. */
function column(facts: ColumnFacts, { stored, api, entry, neverNull }: Kind): never {
  const nullable = (schema: z.ZodType) => (facts.required || neverNull ? schema : schema.nullable());
  const description = facts.apiText ?? `${facts.about.charAt(0).toUpperCase()}${facts.about.slice(1)}.`;
  const told = (facts.api ?? nullable(api)).meta({
    description,
    ...(facts.example !== undefined && { example: facts.example }),
  });
  return {
    stored,
    facts,
    api: facts.told === false ? null : told,
    entry: facts.entryKey === false || !entry ? null : nullable(entry),
  } as never;
}

/** A text that repeats: the row has its id in the dictionary. */
export function term<const Sql extends string, const F extends ColumnFacts>(
  sql: Sql,
  facts: F,
): PlainColumn<"term", Sql, F, number, z.ZodString> {
  return column(facts, { stored: { holds: "term", column: sql }, api: z.string(), entry: z.string() });
}

type Texts = z.ZodArray<z.ZodString>;

/** Several texts that repeat together: the row has the id of the list. Without a value the list is empty. */
export function terms<const Sql extends string, const F extends ColumnFacts>(
  sql: Sql,
  facts: F,
): Column<Holding<"term", Sql>, number | null, Api<F, Texts>, Entry<F, Texts>, EntryKey<F>> {
  const { namesOf } = facts;
  const stored = { holds: "term", column: sql, list: true, ...(namesOf && { namesOf }) } as const;
  const texts = z.array(z.string());
  return column(facts, { stored, api: texts, entry: texts, neverNull: true });
}

/** A text of the row's own. */
export function text<const Sql extends string, const F extends ColumnFacts & { maxBytes: number }>(
  sql: Sql,
  { maxBytes, ...facts }: F,
): PlainColumn<"text", Sql, F, string, z.ZodString> {
  return column(facts, {
    stored: { holds: "text", column: sql, maxBytes },
    api: z.string(),
    entry: z.string(),
  });
}

export function uuid<const Sql extends string, const F extends ColumnFacts>(
  sql: Sql,
  facts: F,
): PlainColumn<"uuid", Sql, F, string, z.ZodString, z.ZodUUID> {
  return column(facts, { stored: { holds: "uuid", column: sql }, api: z.string(), entry: z.uuid() });
}

/** A whole number. A type shorter than its values clamps them. */
export function number<const Sql extends string, const F extends ColumnFacts & { type: NumberType }>(
  sql: Sql,
  { type, ...facts }: F,
): PlainColumn<"number", Sql, F, number, z.ZodInt, z.ZodNumber> {
  const entry = z.number().int();
  return column(facts, {
    stored: { holds: "number", column: sql, type },
    api: z.int(),
    entry: facts.signed ? entry : entry.nonnegative(),
  });
}

/** An instant: RFC 3339 in the API, milliseconds since the epoch in an entry. */
export function time<const Sql extends string, const F extends ColumnFacts>(
  sql: Sql,
  facts: F,
): PlainColumn<"time", Sql, F, Date, z.ZodISODateTime, z.ZodNumber> {
  return column(facts, {
    stored: { holds: "time", column: sql },
    api: z.iso.datetime(),
    entry: z.number().int(),
  });
}

type Words<Codes> = z.ZodEnum<{ [Word in keyof Codes & string]: Word }>;

/** One of a few words, kept as a number. Every row has one. */
export function code<
  const Sql extends string,
  const F extends ColumnFacts & { codes: Readonly<Record<string, number>> },
>(
  sql: Sql,
  { codes, ...facts }: F,
): Column<Holding<"code", Sql>, number, Api<F, Words<F["codes"]>>, Entry<F, Words<F["codes"]>>, EntryKey<F>> {
  const words = z.enum(Object.keys(codes));
  const stored = { holds: "code", column: sql, codes } as const;
  return column({ ...facts, required: true }, { stored, api: words, entry: words });
}

/** What was typed or shown in a recorded session: for filters alone, and only to be looked for by a part of it. */
export function recordingText<const F extends ColumnFacts & { kind: number; leastCharacters?: number }>({
  kind,
  ...facts
}: F): Column<Holding<"recordingText", "recording_id">, undefined, null, null> {
  const stored = { holds: "recordingText", column: "recording_id", kind } as const;
  return column(
    { ...facts, told: false, required: true, entryKey: false, operators: [":"] },
    { stored, api: z.string() },
  );
}

type ActorColumn<F> = Column<Holding<"actor", "actor_id">, number, Api<F, z.ZodNullable<z.ZodString>>, null>;

/** What is known of who acted. Empty text is absent. */
export function actor<const F extends ColumnFacts>(
  of: ActorPart | readonly ActorPart[],
  facts: F,
): ActorColumn<F> {
  const stored = { holds: "actor", column: "actor_id", of: typeof of === "string" ? [of] : of } as const;
  return column(facts, { stored, api: z.string().nullable(), neverNull: true });
}

/** Which kind of actor it was. */
export function actorKind<
  const F extends ColumnFacts & { kinds: Readonly<Record<string, readonly string[]>> },
>({ kinds, ...facts }: F): Column<Holding<"actorKind", "actor_id">, number, Words<F["kinds"]>, null> {
  const stored = { holds: "actorKind", column: "actor_id", kinds } as const;
  return column({ ...facts, required: true }, { stored, api: z.enum(Object.keys(kinds)) });
}

/** What is known of the cluster. `required`: every row has a cluster's id; its text may be empty, which is absent. */
export function cluster<const F extends ColumnFacts>(
  of: ClusterPart,
  facts: F,
): Column<Holding<"cluster", "cluster_id">, Row<F, number>, Api<F, z.ZodNullable<z.ZodString>>, null> {
  const stored = { holds: "cluster", column: "cluster_id", of } as const;
  return column(facts, { stored, api: z.string().nullable(), neverNull: true });
}
