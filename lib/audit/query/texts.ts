import { LRUCache } from "lru-cache";
import type { RunSql } from "../store/sql.ts";

/** As they were named then. */
export interface ActorText {
  kind: string;
  subjectId: string;
  name: string;
  email: string;
}
export interface ClusterText {
  clusterId: string;
  name: string;
  endpoint: string;
}

/** Texts of ids. Ids are never given to another text, so what was read once stays true. */
export interface Texts {
  /** Null for null and for 0, which counters write for an absent value. */
  term(id: number | null): string | null;
  actor(id: number): ActorText;
  cluster(id: number | null): ClusterText | null;
}

const terms = new LRUCache<number, string>({ max: 50_000 });
const actors = new LRUCache<number, ActorText>({ max: 20_000 });
const clusters = new LRUCache<number, ClusterText>({ max: 2_000 });

export interface TextIds {
  terms: Iterable<number | null>;
  actors: Iterable<number>;
  clusters: Iterable<number | null>;
}

/** Reads the texts of all ids, those that are not known yet in one statement a table. */
export async function readTexts(run: RunSql, ids: TextIds): Promise<Texts> {
  const termTexts = await readThrough(terms, ids.terms, (missing) => readTerms(run, missing));
  const actorTexts = await readThrough(actors, ids.actors, (missing) => readActors(run, missing));
  const clusterTexts = await readThrough(clusters, ids.clusters, (missing) => readClusters(run, missing));
  return {
    term: (id) => (id ? found(termTexts, id, "audit_dictionary") : null),
    actor: (id) => found(actorTexts, id, "audit_actor"),
    cluster: (id) => (id ? found(clusterTexts, id, "audit_cluster") : null),
  };
}

function found<T>(texts: ReadonlyMap<number, T>, id: number, table: string): T {
  const text = texts.get(id);
  if (text === undefined) throw new Error(`${table} has no row ${id}`);
  return text;
}

async function readThrough<T extends {}>(
  cache: LRUCache<number, T>,
  ids: Iterable<number | null>,
  read: (missing: number[]) => Promise<[number, T][]>,
): Promise<Map<number, T>> {
  const texts = new Map<number, T>();
  const missing: number[] = [];
  for (const id of new Set(ids)) {
    if (!id) continue;
    const text = cache.get(id);
    if (text === undefined) missing.push(id);
    else texts.set(id, text);
  }
  if (missing.length === 0) return texts;
  for (const [id, text] of await read(missing)) {
    texts.set(id, text);
    cache.set(id, text);
  }
  return texts;
}

async function readTerms(run: RunSql, ids: number[]): Promise<[number, string][]> {
  const rows = await run<{ id: number; value: string }>(
    "SELECT id, value FROM audit_dictionary WHERE id = ANY ($1::int[])",
    [ids],
  );
  return rows.map(({ id, value }) => [id, value]);
}

async function readActors(run: RunSql, ids: number[]): Promise<[number, ActorText][]> {
  const rows = await run<ActorText & { id: number }>(
    `SELECT id, kind, subject_id AS "subjectId", name, email FROM audit_actor WHERE id = ANY ($1::int[])`,
    [ids],
  );
  return rows.map(({ id, ...actor }) => [id, actor]);
}

async function readClusters(run: RunSql, ids: number[]): Promise<[number, ClusterText][]> {
  const rows = await run<ClusterText & { id: number }>(
    `SELECT id, cluster_id AS "clusterId", name, endpoint FROM audit_cluster WHERE id = ANY ($1::int[])`,
    [ids],
  );
  return rows.map(({ id, ...cluster }) => [id, cluster]);
}
