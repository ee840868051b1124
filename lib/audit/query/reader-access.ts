/** The right of whoever reads for long: a live list, a file. */
export interface ReaderAccess {
  /** Aborts when the client leaves, and when the right ends: its reason is then an AppError that says why. */
  signal: AbortSignal;
  /** To be called when the reading is over: nothing is watched any more. */
  stop(): void;
}
