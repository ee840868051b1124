import type { Ending } from "../../audit/columns/recordings/values/schema.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import type { RecordingOutcome } from "../../recordings/recording-outcome.ts";
import { WireError } from "../../wire/wire-error.ts";
import type { CallOutcome, CallRecord } from "../call/call-record.ts";
import type { EndReason } from "../call/live-calls.ts";
import type { GivenEnd } from "./session-ending.ts";
import type { SessionWatch } from "./session-watch.ts";
import type { TunnelEnd } from "./tunnel.ts";

const ENDINGS: Record<EndReason, Ending> = {
  revoked: "revoked",
  changed: "revoked",
  expired: "revoked",
  lapsed: "revoked",
  draining: "interrupted",
  terminated: "terminated",
  unrecorded: "unrecorded",
};

/** What a recording's row says of the end of its session, as the call's own row has it. */
export function recordingOutcome(
  { command, protocol }: Pick<SessionWatch, "command" | "protocol">,
  {
    end,
    given,
    row,
    record,
  }: { end: TunnelEnd; given: GivenEnd | null; row: RowOutcome; record: CallRecord },
): RecordingOutcome {
  const { result, message, exitCode = null } = row;
  const { bytesIn, bytesOut } = record;
  const ending = endingOf(end, given, command?.outcome != null);
  return { ending, result, message, exitCode, bytesIn, bytesOut, ...(protocol !== null && { protocol }) };
}

type RowOutcome = Pick<CallOutcome, "result" | "message" | "exitCode">;

function endingOf(end: TunnelEnd, given: GivenEnd | null, completed: boolean): Ending {
  if (end.kind === "observer-failed") return end.error instanceof WireError ? "disconnected" : "unrecorded";
  if (given !== null) return ENDINGS[given.reason];
  return completed ? "completed" : "disconnected";
}

/** A session's message, and that it has no recording or only part of one, although it was to have it. */
export function withoutRecording(message: string, recording: SessionRecording | null): string {
  if (recording === null || recording.failure === null) return message;
  return recording.began ? `${message}; recorded in part` : `${message}; not recorded`;
}
