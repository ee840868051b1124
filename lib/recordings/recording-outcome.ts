import type { Ending } from "../audit/columns/recordings/values/schema.ts";

/** How a session ended, for its row. */
export interface RecordingOutcome {
  ending: Ending;
  result: "success" | "failure";
  message: string | null;
  exitCode: number | null;
  bytesIn: number | null;
  bytesOut: number | null;
  /** Where both sides agreed to another than was known at the start. */
  protocol?: string;
}
