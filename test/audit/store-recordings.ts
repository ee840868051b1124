import type pg from "pg";
import { sqlColumns } from "../../lib/audit/columns/derived/sql-columns.ts";
import { RECORDINGS } from "../../lib/audit/columns/recordings/schema.ts";
import { notifyCommitted } from "../../lib/audit/store/committed.ts";
import { createDictionary, type DictionaryKind, type TermIds } from "../../lib/audit/store/dictionary.ts";
import { LEDGER_ID, takeNumbers } from "../../lib/audit/store/ledger.ts";
import { dayOf, ensurePartitions } from "../../lib/audit/store/partitions.ts";
import { onPostgres, type RunSql } from "../../lib/audit/store/sql.ts";
import { withClient } from "../../lib/db/pool.ts";
import type { HistoryRecording } from "../history/generate-recordings.ts";

const COLUMNS = sqlColumns(RECORDINGS.columns).filter(({ name }) => name !== "no");
const NAMES = COLUMNS.map(({ name }) => name).join(", ");

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
    strings: recordings.flatMap(termsOf),
    actors: recordings.map(({ actor }) => actor),
    clusters: recordings.map(({ cluster }) => cluster),
  });
  return withClient(pool, async (client) => {
    await client.query("BEGIN");
    const run = onPostgres(client);
    const { first } = await takeNumbers(run, "recording", recordings.length);
    const marks = COLUMNS.map((_, index) => `$${index + 3}`).join(", ");
    for (const [index, recording] of recordings.entries()) {
      const values = COLUMNS.map((column) => columnValue(recording, column, ids));
      await client.query(`INSERT INTO recording (ledger_id, no, ${NAMES}) VALUES ($1, $2, ${marks})`, [
        LEDGER_ID,
        first + index,
        ...values,
      ]);
    }
    await inTransaction?.(run);
    await notifyCommitted(run, "recording", first + recordings.length - 1);
    await client.query("COMMIT");
    return first;
  });
}

const kept = (recording: HistoryRecording, key: string) =>
  Reflect.get(recording, key) as string | number | null;

function termsOf(recording: HistoryRecording) {
  return COLUMNS.flatMap(({ key, column }) => {
    const value = column.stored.holds === "term" ? kept(recording, key) : null;
    return value === null ? [] : [{ kind: key as DictionaryKind, value: String(value) }];
  });
}

function columnValue(
  recording: HistoryRecording,
  { key, column: { stored } }: (typeof COLUMNS)[number],
  ids: TermIds,
) {
  switch (stored.holds) {
    case "term":
      return ids.string(key as DictionaryKind, kept(recording, key) as string | null);
    case "actor":
      return ids.actor(recording.actor);
    case "cluster":
      return ids.cluster(recording.cluster);
    case "time":
      return new Date(kept(recording, key) as number).toISOString();
    case "code":
      return stored.codes[kept(recording, key) as string];
    default:
      return kept(recording, key);
  }
}
