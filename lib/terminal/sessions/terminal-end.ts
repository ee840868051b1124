import type { Ending } from "../../audit/columns/recordings/values/schema.ts";
import type { RecordingOutcome } from "../../recordings/recorder/session-recording.ts";
import type { TerminalEndKind } from "./schema.ts";

/** How a terminal ended, with the sentence that the person reads. */
export interface TerminalEnd {
  kind: TerminalEndKind;
  reason: string;
}

const REASONS: Record<Exclude<TerminalEndKind, "terminated">, string> = {
  left: "You left the shell.",
  closed: "The tab was closed.",
  idle: "Nothing was typed for as long as the configuration permits.",
  disconnected: "The browser was away for more than 5 minutes.",
  session: "Your console session has ended. Sign in again.",
  revoked: "Your access to the cluster was revoked or has expired.",
  cluster: "The cluster was removed from the console.",
  off: "The web shell was switched off for everybody.",
  draining: "The gateway is shutting down. Open a new terminal in a moment.",
  unrecorded:
    "The session could not be recorded any more, and sessions that are not recorded are not permitted.",
  failed: "The shell failed; the gateway's log has the reason.",
};

export const endOf = (kind: Exclude<TerminalEndKind, "terminated">): TerminalEnd => ({
  kind,
  reason: REASONS[kind],
});

/** Somebody ended it. */
export const terminatedBy = (who: string, reason: string): TerminalEnd => ({
  kind: "terminated",
  reason: `${who} ended the session: ${reason}`,
});

const ENDINGS: Record<TerminalEndKind, Ending> = {
  left: "completed",
  closed: "disconnected",
  idle: "disconnected",
  disconnected: "disconnected",
  session: "revoked",
  revoked: "revoked",
  cluster: "revoked",
  terminated: "terminated",
  off: "revoked",
  draining: "interrupted",
  unrecorded: "unrecorded",
  failed: "interrupted",
};

/** The same for the row of the recording. */
export function recordingOutcome(
  { kind, reason }: TerminalEnd,
  bytes: Pick<RecordingOutcome, "bytesIn" | "bytesOut">,
): RecordingOutcome {
  const ending = ENDINGS[kind];
  const result = ending === "completed" || ending === "disconnected" ? "success" : "failure";
  return { ending, result, message: reason, exitCode: null, ...bytes };
}
