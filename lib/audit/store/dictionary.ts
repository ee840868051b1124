import type pg from "pg";
import type { TermKey } from "../columns/derived/schema.ts";
import type { EVENT_HISTORY } from "../columns/event-history/schema.ts";
import type { RECORDINGS } from "../columns/recordings/schema.ts";
import type { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { CachedTable } from "./cached-table.ts";
import { InternTable, type Use, usableId } from "./intern-table.ts";
import { NewTermBudget } from "./new-term-budget.ts";
import { type Day, dayOf } from "./partitions.ts";
import { boundedText } from "./stored-text.ts";
import { KindCache, RecordCache } from "./term-cache.ts";

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
export interface ClusterTerm {
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

/** Ids that need no look at the database; undefined for what does. */
export interface IdsAtHand {
  strings(kind: DictionaryKind): (value: string) => number | undefined;
  actor(actor: ActorTerm): number | undefined;
  cluster(cluster: ClusterTerm): number | undefined;
}

export interface Dictionary {
  /** Finds or makes the ids of all terms, outside any transaction of the caller's. */
  intern(terms: Terms): Promise<TermIds>;
  /** What is remembered for rows of a day and earlier ones, as long as the caller's turn lasts. */
  atHand(day: Day): IdsAtHand;
}

const stringRow = ({ kind, value }: Term): string[] => [kind, boundedText(value, MAX_TERM_BYTES)];
const actorRow = (actor: ActorTerm): string[] =>
  [actor.kind, actor.id, actor.name, actor.email].map((part) => boundedText(part, MAX_PART_BYTES));
const clusterRow = (cluster: ClusterTerm): string[] =>
  [cluster.id, cluster.name, cluster.endpoint].map((part) => boundedText(part, MAX_PART_BYTES));

/** By kind, then by value as it was given; null where it was not made. */
type StringIds = Map<DictionaryKind, Map<string, number | null>>;

/** The distinct strings of the terms, without those that `ids` has already; each has a place there from now on. */
function distinctTerms(terms: readonly Term[], ids: StringIds): Term[] {
  return terms.filter(({ kind, value }) => {
    const values = ids.get(kind) ?? new Map<string, number | null>();
    ids.set(kind, values);
    if (values.has(value)) return false;
    values.set(value, null);
    return true;
  });
}

async function internStrings(
  table: CachedTable<Term>,
  terms: readonly Term[],
  { day, takeNew }: Use,
): Promise<StringIds> {
  const ids: StringIds = new Map();
  const intern = async (distinct: readonly Term[], use: Use) => {
    const found = await table.intern(distinct, use);
    for (const [index, { kind, value }] of distinct.entries()) ids.get(kind)!.set(value, found[index]!);
  };
  const others = terms.filter(({ ofStranger }) => !ofStranger);
  const strangers = terms.filter(({ ofStranger }) => ofStranger);
  await intern(distinctTerms(others, ids), { day });
  await intern(distinctTerms(strangers, ids), { day, takeNew });
  return ids;
}

/** Who is not known may have been named, and a cluster that is not registered is only what was asked for: words of strangers. */
const isNamedStranger = ({ kind, name }: ActorTerm) => kind === "anonymous" && name !== "";
const isUnregistered = ({ id, name }: ClusterTerm) => id === "" && name !== "";
const UNNAMED: ActorTerm = { kind: "anonymous", id: "", name: "", email: "" };
const UNREGISTERED: ClusterTerm = { id: "", name: "", endpoint: "" };

/** New terms of strangers' words, an hour: far more than typing errors make, and a bound on what a flood of them does. */
const STRANGERS_TERMS_AN_HOUR = 1_000;
/** Ids that are remembered: at least so many of a kind of texts, of actors, and of clusters. */
const CACHED_OF_KIND = 5_000;
const CACHED_ACTORS = 20_000;
const CACHED_CLUSTERS = 1_000;

/** Opens the interned strings, actors and clusters of a database. Caches a bounded number of ids. */
export function createDictionary(
  pool: pg.Pool,
  { strangersTermsAnHour = STRANGERS_TERMS_AN_HOUR } = {},
): Dictionary {
  const { take: takeNew } = new NewTermBudget(strangersTermsAnHour);
  const stringCache = new KindCache<DictionaryKind>(CACHED_OF_KIND);
  const strings = new CachedTable(
    new InternTable(pool, { name: "audit_dictionary", columns: ["kind", "value"] }),
    stringCache,
    stringRow,
  );
  const actors = new CachedTable(
    new InternTable(pool, { name: "audit_actor", columns: ["kind", "subject_id", "name", "email"] }),
    new RecordCache<ActorTerm>(["kind", "id", "name", "email"], CACHED_ACTORS),
    actorRow,
  );
  const clusters = new CachedTable(
    new InternTable(pool, { name: "audit_cluster", columns: ["cluster_id", "name", "endpoint"] }),
    new RecordCache<ClusterTerm>(["id", "name", "endpoint"], CACHED_CLUSTERS),
    clusterRow,
  );
  return {
    async intern({ day: latest, ...terms }) {
      const use = { day: notBeforeToday(latest), takeNew };
      const stringIds = await internStrings(strings, [...terms.strings], use);
      const actor = await internBounded(
        actors,
        { make: actorRow, isStranger: isNamedStranger, otherwise: UNNAMED },
        [...terms.actors],
        use,
      );
      const cluster = await internBounded(
        clusters,
        { make: clusterRow, isStranger: isUnregistered, otherwise: UNREGISTERED },
        [...terms.clusters],
        use,
      );
      return {
        string(kind, value) {
          // Empty text (the core API group) is an absent value, as filters have it. A verb is never absent.
          if (value === null || (value === "" && kind !== "verb")) return null;
          const id = stringIds.get(kind)?.get(value);
          if (id === undefined || (id === null && kind === "verb"))
            throw new Error(`not interned: ${kind} ${value}`);
          return id;
        },
        actor,
        cluster,
      };
    },
    atHand(latest) {
      const day = notBeforeToday(latest);
      return {
        strings(kind) {
          const known = stringCache.ofKind(kind);
          return (value) => usableId(known.get(value), day);
        },
        actor: (actor) => actors.cached(actor, day),
        cluster: (cluster) => clusters.cached(cluster, day),
      };
    },
  };
}

function notBeforeToday(day: Day): Day {
  const today = dayOf(Date.now());
  return day > today ? day : today;
}

interface BoundedRows<T> {
  make(term: T): string[];
  isStranger(term: T): boolean;
  /** What stands for a stranger's that was not made. */
  otherwise: T;
}

/** Interns terms, strangers' within `takeNew`; yields each term's id. */
async function internBounded<T>(
  table: CachedTable<T>,
  { make, isStranger, otherwise }: BoundedRows<T>,
  terms: readonly T[],
  { day, takeNew }: Use,
): Promise<(term: T) => number> {
  const strangers = terms.filter(isStranger);
  const others = terms.filter((term) => !isStranger(term));
  if (strangers.length > 0) others.push(otherwise);
  const keyOf = (term: T) => make(term).join("\u0000");
  const ids = new Map<string, number | null>();
  for (const [index, id] of (await table.intern(others, { day })).entries())
    ids.set(keyOf(others[index]!), id);
  for (const [index, id] of (await table.intern(strangers, { day, takeNew })).entries())
    ids.set(keyOf(strangers[index]!), id);
  return (term) => {
    const id = ids.get(keyOf(term)) ?? (isStranger(term) ? ids.get(keyOf(otherwise)) : undefined);
    if (id === undefined || id === null) throw new Error(`not interned: ${make(term).join(", ")}`);
    return id;
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
