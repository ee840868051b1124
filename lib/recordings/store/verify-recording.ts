import { processReader, type RecordingKey, type RecordingReader } from "../recording-reader.ts";
import { BrokenRecording } from "./broken-recording.ts";
import { firstHash } from "./chain-hash.ts";
import { readChunks } from "./read-chunks.ts";

/** Whether a recording is what was written. */
export interface Verification {
  /** Those that are as they were written, from the first on. */
  chunks: number;
  /** Of the last of them. */
  lastHash: Buffer;
  /** What is wrong with the next one; null where all are whole, and end as the recording's row says. */
  problem: { seq: number; problem: string } | null;
}

/** Reads a recording from its first chunk to its last, and holds it against its chain and its row. Reads all of it, and keeps nothing. */
export async function verifyRecording(
  key: RecordingKey,
  reader: RecordingReader = processReader(),
): Promise<Verification> {
  let chunks = 0;
  let lastHash = firstHash(key.recordingId);
  try {
    for await (const { hash } of readChunks(key, reader)) {
      chunks += 1;
      lastHash = hash;
    }
  } catch (error) {
    if (!(error instanceof BrokenRecording)) throw error;
    return { chunks, lastHash, problem: { seq: error.seq, problem: error.problem } };
  }
  return { chunks, lastHash, problem: null };
}
