/** The kubectl that the web shell runs. */
export interface KubectlProgram {
  /**
   * Where it is now. While it is being fetched, or where that failed, `reason` says in words for a person what is missing and what
   * happens next; asking again later may find it ready.
   */
  state(): KubectlState;
  stop(): void;
}

export type KubectlState = { ready: true; path: string; version: string } | { ready: false; reason: string };
