import type { RecordingPolicy } from "../../recordings/recorded-session.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import type { CommandCallbacks } from "../../wire/session-summary.ts";
import type { SessionObserver } from "./session-observer.ts";

/** The recorder gives up before that. */
const LONGEST_HOLD_MS = 5_000;

/** Holds a session back while its recording has no room. Stands behind the observer that feeds the recording. */
export function recordingObserver(recording: SessionRecording, policy: RecordingPolicy): SessionObserver {
  return {
    name: "the recorder",
    longestHoldMs: LONGEST_HOLD_MS,
    observe: () => recording.room(),
    onFailure: () => (policy === "required" ? "end-session" : "go-on"),
  };
}

/** What the protocol's watch tells a recording. */
export function recordingCallbacks(recording: SessionRecording): CommandCallbacks {
  return {
    onStdout: (data) => recording.output("stdout", data),
    onStderr: (data) => recording.output("stderr", data),
    onResize: ({ width, height }) => recording.resize({ columns: width, rows: height }),
    ...(recording.wantsInput && { onStdin: (data: Buffer) => recording.input(data) }),
  };
}
