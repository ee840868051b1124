import type { RecordingRelated } from "../../../../../../../lib/audit/recordings/schema.ts";
import type { RequestAuditEntry } from "../../../../../../../lib/audit/request-audit/schema.ts";

/** An API call that the same person made at the same cluster while the session ran, or one of the session's own two rows. */
export interface RecordingCall {
  /** Since the session's start, milliseconds. */
  atMs: number;
  failed: boolean;
  /** `start` and `end`: the session's own rows. */
  part: "start" | "end" | null;
  call: RequestAuditEntry;
}

/** In their order; each row once. */
export function callsOf({ start, end, calls }: RecordingRelated, startedAt: string): RecordingCall[] {
  const from = Date.parse(startedAt);
  const parts = new Map([...calls, start, end].flatMap((call) => (call ? [[call.no, call] as const] : [])));
  return [...parts.values()]
    .map((call) => ({
      atMs: Math.max(0, Date.parse(call.executedAt) - from),
      failed: call.result === "failure",
      part: call.no === start?.no ? ("start" as const) : call.no === end?.no ? ("end" as const) : null,
      call,
    }))
    .sort((a, b) => a.atMs - b.atMs || a.call.no - b.call.no);
}
