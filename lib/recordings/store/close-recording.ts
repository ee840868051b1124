import type pg from "pg";
import { notifyCommitted } from "../../audit/store/committed.ts";
import { dictionaryOf } from "../../audit/store/dictionary.ts";
import { takeNumbers } from "../../audit/store/ledger.ts";
import { dayOf, ensurePartitions } from "../../audit/store/partitions.ts";
import { onPostgres, type RunSql } from "../../audit/store/sql.ts";
import { withClient } from "../../db/pool.ts";
import type { RecordedSession } from "../recorded-session.ts";
import type { RecordingOutcome } from "../recording-outcome.ts";
import {
  INSERT_RECORDING,
  insertParameters,
  type RecordingFacts,
  termsOfRecording,
} from "./recording-row.ts";
import { readStored, type StoredChunks } from "./stored-chunks.ts";

/** What was recorded of a session, and how it ended. Times are milliseconds since the epoch. */
export interface RecordingEnd {
  recordingId: string;
  startedAt: number;
  endedAt: number;
  outcome: RecordingOutcome;
  chunks: number;
  /** Of the last chunk; `firstHash` where there is none. */
  lastHash: Buffer;
  /** Bytes of stdout and stderr that were shown. */
  outputBytes: number;
  /** Bytes of the chunks, compressed. */
  storedBytes: number;
  /** The terminal's last size; null where nobody said one. */
  columns: number | null;
  rows: number | null;
}

interface Closing {
  session: RecordedSession;
  end: RecordingEnd;
  /** Takes the session from those that run, in the transaction; false where another has closed it. */
  take(run: RunSql): Promise<boolean>;
  /** Whether it is to be moved out of PostgreSQL once it is prepared for playback. */
  archive: boolean;
}

/**
 * Closes a recording in one transaction: it runs no more, has its number and its row, and is to be prepared for playback. The number is taken last, since
 * others' wait for its commit.
 * @returns false where another closed it before; then nothing is written.
 */
export async function closeRecording(
  pool: pg.Pool,
  { session, end, take, archive }: Closing,
): Promise<boolean> {
  const told = factsOf(session, end);
  const day = dayOf(end.startedAt);
  await ensurePartitions(pool, [day]);
  const ids = await dictionaryOf(pool).intern({
    day,
    strings: termsOfRecording(told),
    actors: [told.actor],
    clusters: [told.cluster],
  });
  return withClient(pool, async (client) => {
    const run = onPostgres(client);
    await client.query("BEGIN");
    if (!(await take(run))) {
      await client.query("ROLLBACK");
      return false;
    }
    const facts = factsOf(session, withUnconfirmed(end, await readStored(run, end)));
    const work = [end.recordingId, new Date(end.startedAt).toISOString()];
    await run(INSERT_RENDER, work);
    if (archive) await run(INSERT_ARCHIVE, work);
    const { first: no } = await takeNumbers(run, "recording", 1);
    await run(INSERT_RECORDING, insertParameters(no, facts, ids));
    await notifyCommitted(run, "recording", no);
    await client.query("COMMIT");
    return true;
  });
}

/** A chunk whose commit was never confirmed may be there all the same: it was shown, and belongs to the recording. */
const withUnconfirmed = (end: RecordingEnd, stored: StoredChunks): RecordingEnd =>
  stored.chunks > end.chunks ? { ...end, ...stored } : end;

const INSERT_RENDER =
  "INSERT INTO recording_render (recording_id, started_at) VALUES ($1::uuid, $2::timestamptz) ON CONFLICT DO NOTHING";
const INSERT_ARCHIVE =
  "INSERT INTO recording_archive (recording_id, started_at) VALUES ($1::uuid, $2::timestamptz) ON CONFLICT DO NOTHING";

function factsOf(session: RecordedSession, end: RecordingEnd): RecordingFacts {
  const { outcome } = end;
  return {
    ...session,
    ...outcome,
    auditId: session.callId,
    tty: session.tty ? "yes" : "no",
    inputRecorded: session.inputRecorded ? "yes" : "no",
    endedAt: end.endedAt,
    durationMs: Math.max(0, end.endedAt - end.startedAt),
    outputBytes: end.outputBytes,
    storedBytes: end.storedBytes,
    chunks: end.chunks,
    lastHash: end.lastHash.toString("hex"),
    // Counted when playback is prepared.
    commands: null,
  };
}
