/** A recording that is not what was written: which piece, and what is wrong with it. What came before it is as it was. */
export class BrokenRecording extends Error {
  readonly recordingId: string;
  /** Of the chunk. */
  readonly seq: number;
  /** In words for whoever plays it, such as `is missing`. */
  readonly problem: string;

  constructor(
    { recordingId, seq, problem }: { recordingId: string; seq: number; problem: string },
    cause?: unknown,
  ) {
    super(
      `Piece ${seq} of recording ${recordingId} ${problem}.`,
      cause === undefined ? undefined : { cause },
    );
    this.name = "BrokenRecording";
    this.recordingId = recordingId;
    this.seq = seq;
    this.problem = problem;
  }
}
