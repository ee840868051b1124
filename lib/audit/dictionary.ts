import type pg from "pg";
import { InternTable } from "./intern-table.ts";
import { boundedText } from "./stored-text.ts";

/** Whose values a row of `audit_dictionary` is: the column's name without `Id`. */
export const DICTIONARY_KINDS = [
  "clientIp",
  "role",
  "namespace",
  "verb",
  "apiGroup",
  "resource",
  "clientName",
  "kubernetesGroups",
  "impersonatedUser",
  "impersonatedGroups",
  "command",
  "tunnelAgent",
  "tunnelTag",
  "action",
  "operation",
  "entityType",
  "sourceIp",
  "userAgent",
] as const;
export type DictionaryKind = (typeof DICTIONARY_KINDS)[number];

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
export interface Terms {
  strings: Iterable<Term>;
  actors: Iterable<ActorTerm>;
  clusters: Iterable<ClusterTerm>;
}

/** The ids of everything in `Terms`. Absent and empty strings are null. */
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

/** The distinct values of each kind, as they were given. */
function distinctStrings(terms: Iterable<Term>): Map<DictionaryKind, Map<string, number>> {
  const kinds = new Map<DictionaryKind, Map<string, number>>();
  for (const { kind, value } of terms) {
    const values = kinds.get(kind);
    if (values) values.set(value, 0);
    else kinds.set(kind, new Map([[value, 0]]));
  }
  return kinds;
}

async function internStrings(
  table: InternTable,
  terms: Iterable<Term>,
): Promise<Map<DictionaryKind, Map<string, number>>> {
  const kinds = distinctStrings(terms);
  const rows = [...kinds].flatMap(([kind, values]) =>
    [...values.keys()].map((value) => stringRow(kind, value)),
  );
  const interned = await table.intern(rows);
  for (const [kind, values] of kinds) {
    for (const value of values.keys()) values.set(value, interned.idOf(stringRow(kind, value)));
  }
  return kinds;
}

/** Opens the interned strings, actors and clusters of a database. Caches a bounded number of ids. */
export function createDictionary(pool: pg.Pool, { maxCached = 50_000 } = {}): Dictionary {
  const strings = new InternTable(pool, { name: "audit_dictionary", columns: ["kind", "value"] }, maxCached);
  const actorColumns = ["kind", "subject_id", "name", "email"];
  const actors = new InternTable(pool, { name: "audit_actor", columns: actorColumns }, maxCached);
  const clusterColumns = ["cluster_id", "name", "endpoint"];
  const clusters = new InternTable(pool, { name: "audit_cluster", columns: clusterColumns }, 1_000);
  return {
    async intern(terms) {
      const stringIds = await internStrings(strings, terms.strings);
      const actorIds = await actors.intern(Array.from(terms.actors, actorRow));
      const clusterIds = await clusters.intern(Array.from(terms.clusters, clusterRow));
      return {
        string(kind, value) {
          // Empty text (the core API group) is an absent value, as filters have it. A verb is never absent.
          if (value === null || (value === "" && kind !== "verb")) return null;
          const id = stringIds.get(kind)?.get(value);
          if (id === undefined) throw new Error(`not interned: ${kind} ${value}`);
          return id;
        },
        actor: (actor) => actorIds.idOf(actorRow(actor)),
        cluster: (cluster) => clusterIds.idOf(clusterRow(cluster)),
      };
    },
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
