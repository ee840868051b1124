import type pg from "pg";
import { withClient } from "../../db/pool.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { type EventRow, storeEvents } from "../events/store.ts";
import { notifyCommitted } from "../store/committed.ts";
import { copyRows } from "../store/copy-rows.ts";
import type { Dictionary } from "../store/dictionary.ts";
import { LEDGER_ID, takeNumbers } from "../store/ledger.ts";
import { ensurePartitions, forgetPartitions } from "../store/partitions.ts";
import { onPostgres, type RunSql } from "../store/sql.ts";
import { ACTOR, BatchIds, CLUSTER } from "./batch-ids.ts";
import { bodyRows } from "./body-rows.ts";
import { countDayKinds, countMinutes } from "./counters.ts";
import { daysOf } from "./days.ts";
import { eventRow, eventsOfEntries, termsOfEvent } from "./entry-event.ts";
import { requestRows, withWordsLeftOut } from "./entry-row.ts";
import { COPY_BODIES, COPY_REQUESTS, COUNT_REQUESTS } from "./entry-sql.ts";

export interface BatchStore {
  pool: pg.Pool;
  dictionary: Dictionary;
}

interface Batch {
  entries: readonly KubeRequestEntry[];
  /** What else belongs to the batch's transaction: the journal's position. */
  inTransaction?: (run: RunSql) => Promise<void>;
}

interface PreparedBatch {
  entries: readonly KubeRequestEntry[];
  rows: ReturnType<typeof requestRows>;
  /** Arrays of the counters. */
  counts: string[];
  /** Events, where the entries have the numbers from `first` on. */
  eventRows(first: number): EventRow[];
}

/**
 * Stores entries as rows, bodies, counters and events in one transaction, numbered in their order.
 * @returns the number of the first entry; the others follow without a gap.
 */
export async function storeBatch(store: BatchStore, batch: Batch): Promise<{ first: number }> {
  const { entries } = batch;
  const { days, latest } = daysOf(entries);
  const events = eventsOfEntries(entries);
  const more = events.flatMap(termsOfEvent);
  const { ids, others } = await BatchIds.find(store.dictionary, entries, { day: latest, more });
  await ensurePartitions(store.pool, days);
  const kept = entries.map((entry, index) => withWordsLeftOut(entry, index, ids));
  // All that can be made before there are numbers: who has them holds up other writers.
  const prepared: PreparedBatch = {
    entries: kept,
    rows: requestRows(kept, ids),
    counts: [...countMinutes(kept, ids), ...countDayKinds(kept, ids)],
    eventRows: (first) =>
      events.map(({ index, event }) => {
        const eventIds = { strings: others, actor: ids.of(index, ACTOR), cluster: ids.of(index, CLUSTER) };
        return eventRow({ index, entry: kept[index]!, event }, first + index, eventIds);
      }),
  };
  try {
    return await withClient(store.pool, async (client) => {
      await client.query("BEGIN");
      const stored = await storeInTransaction(client, prepared, batch.inTransaction);
      await client.query("COMMIT");
      return stored;
    });
  } catch (error) {
    // Check violation: "no partition of relation found for row".
    if ((error as pg.DatabaseError).code === "23514") forgetPartitions(store.pool);
    throw error;
  }
}

async function storeInTransaction(
  client: pg.PoolClient,
  { entries, rows, counts, eventRows }: PreparedBatch,
  inTransaction: Batch["inTransaction"],
) {
  const run = onPostgres(client);
  const numbers = await takeNumbers(run, "kube_request", entries.length);
  const { first } = numbers;
  await copyRows(client, COPY_REQUESTS, rows.numbered(first));
  const bodies = bodyRows(entries, first);
  if (bodies) await copyRows(client, COPY_BODIES, bodies);
  await client.query({ ...COUNT_REQUESTS, values: [LEDGER_ID, ...counts] });
  const events = eventRows(first);
  if (events.length > 0) await storeEvents(run, events);
  await inTransaction?.(run);
  await notifyCommitted(run, "kube_request", first + entries.length - 1);
  return numbers;
}
