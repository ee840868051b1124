import type { RecordingOutcome } from "../recording-outcome.ts";

export type { RecordingOutcome } from "../recording-outcome.ts";

/** The recording of one running session. Bytes are copied; nothing is changed or kept back. */
export interface SessionRecording {
  readonly recordingId: string;
  /** Whether the store has it: false where it failed to begin, and nothing is kept. */
  readonly began: boolean;
  /** Whether `input` is to be called at all. */
  readonly wantsInput: boolean;
  output(stream: "stdout" | "stderr", data: Uint8Array): void;
  /** Where the policy has no input recorded, its content is forgotten; tar streams are still read for their files. */
  input(data: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  /** A command line of the web shell's, already redacted. */
  marker(label: string): void;
  /**
   * Undefined: more may come. A promise: hold the session back until it resolves; it rejects where the recording cannot go on.
   */
  room(): Promise<void> | undefined;
  /** Why it cannot go on; null while it can. */
  readonly failure: Error | null;
  /** No more comes. Resolves when all of it is stored, or `failure` says why it is not; never rejects. */
  end(exitCode: number | null): Promise<void>;
  /** Writes the rest, then the row. Resolves when that is done, or is left to whoever finds it unfinished; never rejects. */
  close(outcome: RecordingOutcome): Promise<void>;
  /** The session did not begin: nothing remains of the recording. */
  discard(): void;
}
