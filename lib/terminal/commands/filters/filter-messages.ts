/** What a filter asks, and what it ends with. */
export type FromFilter =
  | { kind: "read"; names: string[] }
  | { kind: "pull" }
  | { kind: "write"; data: Uint8Array }
  | { kind: "alive" }
  | { kind: "end"; exitCode: number }
  | { kind: "refused"; message: string };

/** What it is answered: to `read` and `write` nothing, to `pull` a piece, or null at the end. */
export type ToFilter = { kind: "answer"; data: Uint8Array | null } | { kind: "ask-alive" };

/** What its process is started with, as JSON in its argument. */
export interface FilterStart {
  name: string;
  words: string[];
}
