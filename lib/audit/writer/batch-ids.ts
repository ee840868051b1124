import type { KubeRequestEntry } from "../entry/entry.ts";
import type { ActorTerm, ClusterTerm, Dictionary, Term, TermIds } from "../store/dictionary.ts";
import type { Day } from "../store/partitions.ts";
import { INTERNED } from "./interned-columns.ts";

/** Where an entry's ids stand, beside those of its interned columns (`INTERNED`, in their order from `FIRST_TERM` on). */
export const ACTOR = 0;
export const CLUSTER = 1;
export const FIRST_TERM = 2;
const IDS_AN_ENTRY = FIRST_TERM + INTERNED.length;
/** No id of the database. */
export const NO_ID = 0;

/** What is to be found or made, and where its id goes. */
interface Missing {
  strings: { place: number; term: Term }[];
  actors: { place: number; actor: ActorTerm }[];
  clusters: { place: number; cluster: ClusterTerm }[];
}

/** The ids of all that a batch's entries name, in one array: numbers take no memory of their own, and are looked up once. */
export class BatchIds {
  readonly #ids: Int32Array;

  private constructor(ids: Int32Array) {
    this.#ids = ids;
  }

  /** `more`: what else the batch names; its ids are `others`. */
  static async find(
    dictionary: Dictionary,
    entries: readonly KubeRequestEntry[],
    { day, more }: { day: Day; more: readonly Term[] },
  ): Promise<{ ids: BatchIds; others: TermIds }> {
    const ids = new Int32Array(entries.length * IDS_AN_ENTRY);
    const missing = idsAtHand(dictionary, entries, day, ids);
    const others = await dictionary.intern({
      day,
      strings: [...missing.strings.map(({ term }) => term), ...more],
      actors: missing.actors.map(({ actor }) => actor),
      clusters: missing.clusters.map(({ cluster }) => cluster),
    });
    for (const { place, term } of missing.strings) ids[place] = others.string(term.kind, term.value) ?? NO_ID;
    for (const { place, actor } of missing.actors) ids[place] = others.actor(actor);
    for (const { place, cluster } of missing.clusters) ids[place] = others.cluster(cluster);
    return { ids: new BatchIds(ids), others };
  }

  /** `which`: `ACTOR`, `CLUSTER`, or a column's place. */
  of(entry: number, which: number): number {
    return this.#ids[entry * IDS_AN_ENTRY + which]!;
  }
}

/** Writes what is remembered into `ids`; returns the rest. */
function idsAtHand(
  dictionary: Dictionary,
  entries: readonly KubeRequestEntry[],
  day: Day,
  ids: Int32Array,
): Missing {
  const missing: Missing = { strings: [], actors: [], clusters: [] };
  const atHand = dictionary.atHand(day);
  const strings = INTERNED.map(({ kind }) => atHand.strings(kind));
  let place = 0;
  for (const entry of entries) {
    const { actor, cluster } = entry;
    const actorId = atHand.actor(actor);
    if (actorId === undefined) missing.actors.push({ place, actor });
    else ids[place] = actorId;
    const clusterId = atHand.cluster(cluster);
    if (clusterId === undefined) missing.clusters.push({ place: place + CLUSTER, cluster });
    else ids[place + CLUSTER] = clusterId;
    for (let column = 0; column < INTERNED.length; column++) {
      const { kind, seen, mayBeEmpty, read } = INTERNED[column]!;
      const value = read(entry);
      if (value === null || (value === "" && !mayBeEmpty)) continue;
      const id = strings[column]!(value);
      if (id !== undefined) ids[place + FIRST_TERM + column] = id;
      else {
        const ofStranger = actor.kind === "anonymous" && !seen;
        missing.strings.push({ place: place + FIRST_TERM + column, term: { kind, value, ofStranger } });
      }
    }
    place += IDS_AN_ENTRY;
  }
  return missing;
}
