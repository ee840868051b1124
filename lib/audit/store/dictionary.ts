import type pg from "pg";
import type { TermKey } from "../columns/derived/schema.ts";
import type { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import type { RECORDINGS } from "../columns/recordings/schema.ts";
import type { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { InternTable, type Use } from "./intern-table.ts";
import { NewTermBudget } from "./new-term-budget.ts";
import { type Day, dayOf } from "./partitions.ts";
import { boundedText } from "./stored-text.ts";

/** Whose values a row of `audit_dictionary` is: the key of a column that holds terms. */
export type DictionaryKind =
  | TermKey<typeof REQUEST_AUDIT.columns>
  | TermKey<typeof EVENT_HISTORY.columns>
  | TermKey<typeof RECORDINGS.columns>;

/** A B-tree entry takes at most 2704 bytes; longer values are cut, with a mark. */
export const MAX_TERM_BYTES = 2_000;
/** An actor's or a cluster's texts share one B-tree entry. */
const MAX_PART_BYTES = 600;

/** Lists of groups are one value of the dictionary: a line a group, as no header value can hold a line break. */
export const formatGroups = (groups: readonly string[]): string | null =>
  groups.length === 0 ? null : groups.join("\n");
export const parseGroups = (text: string | null): string[] => (text ? text.split("\n") : []);

export interface Term {
  kind: DictionaryKind;
  value: string;
  /** The word of somebody unknown: it is found, but made only within bounds. */
  ofStranger?: boolean;
}
/** As in `audit_actor`. */
export interface ActorTerm {
  kind: "user" | "application" | "anonymous" | "system";
  id: string;
  name: string;
  email: string;
}
/** As in `audit_cluster`. */
interface ClusterTerm {
  id: string;
  name: string;
  endpoint: string;
}

/** What a batch speaks of. */
interface Terms {
  /** The latest day of the rows that will name them. */
  day: Day;
  strings: Iterable<Term>;
  actors: Iterable<ActorTerm>;
  clusters: Iterable<ClusterTerm>;
}

/** The ids of everything in `Terms`. Absent and empty strings are null, and so are strangers' words that were not made. */
export interface TermIds {
  string(kind: DictionaryKind, value: string | null): number | null;
  actor(actor: ActorTerm): number;
  cluster(cluster: ClusterTerm): number;
}

export interface Dictionary {
  /** Finds or makes the ids of all terms, outside any transaction of the caller's. */
  intern(terms: Terms): Promise<TermIds>;
}

const stringRow = (kind: DictionaryKind, value: string): string[] => [
  kind,
  boundedText(value, MAX_TERM_BYTES),
];
const actorRow = (actor: ActorTerm): string[] =>
  [actor.kind, actor.id, actor.name, actor.email].map((part) => boundedText(part, MAX_PART_BYTES));
const clusterRow = (cluster: ClusterTerm): string[] =>
  [cluster.id, cluster.name, cluster.endpoint].map((part) => boundedText(part, MAX_PART_BYTES));

/** By kind, then by value as it was given; null where it was not made. */
type StringIds = Map<DictionaryKind, Map<string, number | null>>;

/** The distinct strings of the terms that `wanted` holds for and that `ids` has not yet. */
function distinctRows(terms: readonly Term[], ids: StringIds, wanted: (term: Term) => boolean): Term[] {
  const distinct: Term[] = [];
  for (const term of terms) {
    if (!wanted(term)) continue;
    const values = ids.get(term.kind) ?? new Map<string, number | null>();
    ids.set(term.kind, values);
    if (values.has(term.value)) continue;
    values.set(term.value, null);
    distinct.push(term);
  }
  return distinct;
}

async function internStrings(
  table: InternTable,
  terms: readonly Term[],
  day: Day,
  takeNew: (missing: number) => number,
): Promise<StringIds> {
  const ids: StringIds = new Map();
  const intern = async (distinct: Term[], use: Use) => {
    const interned = await table.intern(
      distinct.map(({ kind, value }) => stringRow(kind, value)),
      use,
    );
    for (const { kind, value } of distinct) ids.get(kind)!.set(value, interned.find(stringRow(kind, value)));
  };
  await intern(
    distinctRows(terms, ids, ({ ofStranger }) => !ofStranger),
    { day },
  );
  await intern(
    distinctRows(terms, ids, ({ ofStranger }) => ofStranger === true),
    { day, takeNew },
  );
  return ids;
}

/** Who is not known may have been named, and a cluster that is not registered is only what was asked for: words of strangers. */
const isNamedStranger = ({ kind, name }: ActorTerm) => kind === "anonymous" && name !== "";
const isUnregistered = ({ id, name }: ClusterTerm) => id === "" && name !== "";
const UNNAMED: ActorTerm = { kind: "anonymous", id: "", name: "", email: "" };
const UNREGISTERED: ClusterTerm = { id: "", name: "", endpoint: "" };

/** New terms of strangers' words, an hour: far more than typing errors make, and a bound on what a flood of them does. */
const STRANGERS_TERMS_AN_HOUR = 1_000;

/** Opens the interned strings, actors and clusters of a database. Caches a bounded number of ids. */
export function createDictionary(
  pool: pg.Pool,
  { maxCached = 50_000, strangersTermsAnHour = STRANGERS_TERMS_AN_HOUR } = {},
): Dictionary {
  const { take: takeNew } = new NewTermBudget(strangersTermsAnHour);
  const strings = new InternTable(pool, { name: "audit_dictionary", columns: ["kind", "value"] }, maxCached);
  const actorColumns = ["kind", "subject_id", "name", "email"];
  const actors = new InternTable(pool, { name: "audit_actor", columns: actorColumns }, maxCached);
  const clusterColumns = ["cluster_id", "name", "endpoint"];
  const clusters = new InternTable(pool, { name: "audit_cluster", columns: clusterColumns }, 1_000);
  return {
    async intern({ day: latest, ...terms }) {
      const today = dayOf(Date.now());
      const day = latest > today ? latest : today;
      const stringIds = await internStrings(strings, [...terms.strings], day, takeNew);
      const actorsOf = bounded(actors, { make: actorRow, isStranger: isNamedStranger, otherwise: UNNAMED });
      const actorIds = await actorsOf([...terms.actors], { day, takeNew });
      const clustersOf = bounded(clusters, {
        make: clusterRow,
        isStranger: isUnregistered,
        otherwise: UNREGISTERED,
      });
      const clusterIds = await clustersOf([...terms.clusters], { day, takeNew });
      return {
        string(kind, value) {
          // Empty text (the core API group) is an absent value, as filters have it. A verb is never absent.
          if (value === null || (value === "" && kind !== "verb")) return null;
          const id = stringIds.get(kind)?.get(value);
          if (id === undefined || (id === null && kind === "verb"))
            throw new Error(`not interned: ${kind} ${value}`);
          return id;
        },
        actor: actorIds,
        cluster: clusterIds,
      };
    },
  };
}

interface BoundedRows<T> {
  make(term: T): string[];
  isStranger(term: T): boolean;
  /** What stands for a stranger's that was not made. */
  otherwise: T;
}

/** Interns terms, strangers' within `takeNew`; yields each term's id. */
function bounded<T>(table: InternTable, { make, isStranger, otherwise }: BoundedRows<T>) {
  return async (terms: readonly T[], { day, takeNew }: Use): Promise<(term: T) => number> => {
    const strangers = terms.filter(isStranger);
    const others = terms.filter((term) => !isStranger(term));
    const known = await table.intern([...others, ...(strangers.length > 0 ? [otherwise] : [])].map(make), {
      day,
    });
    const made = await table.intern(strangers.map(make), { day, takeNew });
    return (term) =>
      isStranger(term) ? (made.find(make(term)) ?? known.idOf(make(otherwise))) : known.idOf(make(term));
  };
}

const dictionaries = new WeakMap<pg.Pool, Dictionary>();

/** The one dictionary of `pool` in this module's copy. */
export function dictionaryOf(pool: pg.Pool): Dictionary {
  const known = dictionaries.get(pool);
  if (known) return known;
  const made = createDictionary(pool);
  dictionaries.set(pool, made);
  return made;
}
