import { LRUCache } from "lru-cache";
import type { RecordingRow } from "../../../audit/recordings/entries.ts";
import { processState } from "../../../process-state.ts";
import { verifyRecording } from "../../store/verify-recording.ts";
import type { PlaybackIndex } from "../schema.ts";

/** More is not read only to begin to play: whether that was changed since is told by its download. */
const MOST_BYTES = 64 * 1024 * 1024;
const KNOWN_FOR_MS = 60_000;

type Chain = PlaybackIndex["chain"];

const known = processState(
  "recordings/chains",
  () => new LRUCache<string, Promise<Chain>>({ max: 1_000, ttl: KNOWN_FOR_MS }),
);

/** Whether a recording is what was written, as of now: what is played was made of it when it was closed. */
export async function chainNow(row: RecordingRow, rendered: Chain): Promise<Chain> {
  if (row.stored_bytes > MOST_BYTES) return rendered;
  const before = known.get(row.recording_id);
  if (before) return before;
  const chain = readChain(row, rendered);
  known.set(row.recording_id, chain);
  chain.catch(() => known.delete(row.recording_id));
  return chain;
}

async function readChain(row: RecordingRow, rendered: Chain): Promise<Chain> {
  const key = { recordingId: row.recording_id, startedAt: row.started_at.getTime() };
  const { chunks, lastHash, problem } = await verifyRecording(key);
  if (problem) return { ...rendered, intact: false, problem: `Piece ${problem.seq} ${problem.problem}.` };
  return { ...rendered, chunks, lastHash: lastHash.toString("hex") };
}
