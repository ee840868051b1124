import type pg from "pg";
import { withClient } from "../../db/pool.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { storeEvents } from "../events/store.ts";
import { notifyCommitted } from "../store/committed.ts";
import type { Dictionary, TermIds } from "../store/dictionary.ts";
import { LEDGER_ID, takeNumbers } from "../store/ledger.ts";
import { type Day, dayOf, ensurePartitions, forgetPartitions } from "../store/partitions.ts";
import { onPostgres, type RunSql } from "../store/sql.ts";
import { boundedText } from "../store/stored-text.ts";
import { countDayKinds, countMinutes } from "./counters.ts";
import { eventRowOfEntry, termsOfEvent } from "./entry-event.ts";
import { columnArrays, termsOfEntry, withWordsLeftOut } from "./entry-row.ts";
import { COUNT_REQUESTS, INSERT_BODIES, INSERT_REQUESTS } from "./entry-sql.ts";

export interface BatchStore {
  pool: pg.Pool;
  dictionary: Dictionary;
}

interface Batch {
  entries: readonly KubeRequestEntry[];
  /** What else belongs to the batch's transaction: the journal's position. */
  inTransaction?: (run: RunSql) => Promise<void>;
}

/** Keeps a body's text within what a row is meant to hold, should its capture ever be wrong. */
const MAX_BODY_BYTES = 4_096;

/**
 * Stores entries as rows, bodies, counters and events in one transaction, numbered in their order.
 * @returns the number of the first entry; the others follow without a gap.
 */
export async function storeBatch(store: BatchStore, batch: Batch): Promise<{ first: number }> {
  const { entries } = batch;
  const days = entries.map((entry) => dayOf(entry.executedAt));
  const ids = await internTerms(store.dictionary, entries, days);
  await ensurePartitions(store.pool, new Set(days));
  const kept = entries.map((entry) => withWordsLeftOut(entry, ids));
  try {
    return await withClient(store.pool, async (client) => {
      await client.query("BEGIN");
      const stored = await storeInTransaction(client, { ...batch, entries: kept }, ids);
      await client.query("COMMIT");
      return stored;
    });
  } catch (error) {
    // Check violation: "no partition of relation found for row".
    if ((error as pg.DatabaseError).code === "23514") forgetPartitions(store.pool);
    throw error;
  }
}

function internTerms(
  dictionary: Dictionary,
  entries: readonly KubeRequestEntry[],
  days: readonly Day[],
): Promise<TermIds> {
  const strings = function* () {
    for (const entry of entries) {
      yield* termsOfEntry(entry);
      yield* termsOfEvent(entry);
    }
  };
  return dictionary.intern({
    day: days.reduce((latest, day) => (day > latest ? day : latest), ""),
    strings: strings(),
    actors: entries.map(({ actor }) => actor),
    clusters: entries.map(({ cluster }) => cluster),
  });
}

async function storeInTransaction(client: pg.PoolClient, { entries, inTransaction }: Batch, ids: TermIds) {
  const run = onPostgres(client);
  const numbers = await takeNumbers(run, "kube_request", entries.length);
  const { first } = numbers;
  await client.query({ ...INSERT_REQUESTS, values: [LEDGER_ID, first, ...columnArrays(entries, ids)] });
  await storeBodies(client, entries, first);
  const counts = [...countMinutes(entries, ids), ...countDayKinds(entries, ids)];
  await client.query({ ...COUNT_REQUESTS, values: [LEDGER_ID, ...counts] });
  const events = entries.flatMap((entry, index) => eventRowOfEntry(entry, first + index, ids) ?? []);
  if (events.length > 0) await storeEvents(run, events);
  await inTransaction?.(run);
  await notifyCommitted(run, "kube_request", first + entries.length - 1);
  return numbers;
}

async function storeBodies(client: pg.PoolClient, entries: readonly KubeRequestEntry[], first: number) {
  const rows = entries.flatMap(({ body, executedAt }, index) => {
    if (!body) return [];
    const text = boundedText(body.text, MAX_BODY_BYTES);
    return [
      [
        new Date(executedAt).toISOString(),
        first + index,
        body.truncated,
        body.bytes,
        body.sha256,
        text,
      ] as const,
    ];
  });
  if (rows.length === 0) return;
  const columns = Array.from({ length: 6 }, (_, column) => rows.map((row) => row[column]));
  await client.query({ ...INSERT_BODIES, values: [LEDGER_ID, ...columns] });
}
