import type { Config } from "../../../config.ts";

/** What the thread is started with. */
export interface ThreadData {
  databaseUrl: string;
  encryption: { key: Uint8Array; formerKeys: readonly Uint8Array[] };
  recordings: Config["recordings"];
  redactPatterns: readonly RegExp[];
}

/** `wake`: there may be work. `stop`: end after the recording at hand. Patterns: in place of those before, from the next recording on. */
export type ToThread = "wake" | "stop" | Pick<ThreadData, "redactPatterns">;

/** `failed`: a recording that is to be tried again; `stopped`: the thread's last word. */
export type FromThread =
  | { kind: "prepared"; recordingId: string; ms: number }
  | { kind: "failed"; recordingId: string; attempts: number; message: string }
  | { kind: "unreachable"; message: string }
  | { kind: "stopped" };
