import { createPool } from "../../lib/db/pool.ts";
import { generateRecordings, type HistoryRecording } from "../../test/history/generate-recordings.ts";
import { createRandom } from "../../test/history/random.ts";
import { screenOf } from "../../test/history/screens.ts";
import { storeSession } from "../../test/history/store-session.ts";
import { databaseUrl } from "./demo-database.ts";

/** Stores believable recordings of a time that is over, past the gateway. */
export async function seedRecordings(range: {
  count: number;
  from: number;
  to: number;
}): Promise<HistoryRecording[]> {
  const random = createRandom(range.count);
  const recordings = [...generateRecordings(range)];
  const pool = createPool(databaseUrl(), { applicationName: "kubewitness e2e" });
  try {
    for (const recording of recordings) await storeSession(pool, recording, screenOf(random, recording));
  } finally {
    await pool.end();
  }
  return recordings;
}
