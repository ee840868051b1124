import type pg from "pg";
import { notifyCommitted } from "../../lib/audit/store/committed.ts";
import { createDictionary } from "../../lib/audit/store/dictionary.ts";
import { takeNumbers } from "../../lib/audit/store/ledger.ts";
import { dayOf, ensurePartitions } from "../../lib/audit/store/partitions.ts";
import { onPostgres, type RunSql } from "../../lib/audit/store/sql.ts";
import { withClient } from "../../lib/db/pool.ts";
import {
  INSERT_RECORDING,
  insertParameters,
  termsOfRecording,
} from "../../lib/recordings/store/recording-row.ts";
import type { HistoryRecording } from "../history/generate-recordings.ts";

/** Stores the rows of recordings whose sessions have ended, in one transaction; of what was shown there is nothing. Answers the first number. */
export async function storeRecordings(
  pool: pg.Pool,
  given: Iterable<HistoryRecording>,
  { inTransaction }: { inTransaction?: (run: RunSql) => Promise<void> } = {},
): Promise<number> {
  const recordings = [...given];
  const days = recordings.map(({ startedAt }) => dayOf(startedAt));
  await ensurePartitions(pool, days);
  const ids = await createDictionary(pool).intern({
    day: days.reduce((latest, day) => (day > latest ? day : latest), ""),
    strings: recordings.flatMap(termsOfRecording),
    actors: recordings.map(({ actor }) => actor),
    clusters: recordings.map(({ cluster }) => cluster),
  });
  return withClient(pool, async (client) => {
    await client.query("BEGIN");
    const run = onPostgres(client);
    const { first } = await takeNumbers(run, "recording", recordings.length);
    for (const [index, recording] of recordings.entries())
      await client.query(INSERT_RECORDING, insertParameters(first + index, recording, ids));
    await inTransaction?.(run);
    await notifyCommitted(run, "recording", first + recordings.length - 1);
    await client.query("COMMIT");
    return first;
  });
}
