import type { RecordedSession } from "../recorded-session.ts";
import type { RecordingOutcome } from "../recorder/session-recording.ts";
import type { Chunk } from "./chunk.ts";

/** What a recording comes to, told when its session ended. */
export interface RecordingEnd {
  recordingId: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  outcome: RecordingOutcome;
  chunks: number;
  /** `hash` of the last chunk, or `firstHash` where there is none. */
  lastHash: Buffer;
  /** Bytes of stdout and stderr. */
  outputBytes: number;
  /** Bytes of all chunks before they are sealed. */
  storedBytes: number;
  /** The terminal's last size; null where none was told. */
  columns: number | null;
  rows: number | null;
}

/** Where recordings go while they are made. Each rejects where what it was given is not durable. */
export interface RecordingStore {
  /** Before anything of the session passes: it is under way. */
  begin(session: RecordedSession): Promise<void>;
  /** The next chunk, in order of `seq`; several may be under way. */
  append(chunk: Chunk): Promise<void>;
  /** The recording is whole: its row, and its rendering asked for. */
  finish(end: RecordingEnd): Promise<void>;
}
