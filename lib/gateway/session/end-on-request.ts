import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import type { Gateway } from "../call/gateway.ts";
import type { SessionEnding } from "./session-ending.ts";

/** Ends a recorded session when somebody asks for it. Returns what ends the listening. */
export function endOnRequest(
  gateway: Pick<Gateway, "onSessionEndRequest">,
  recording: SessionRecording | null,
  ending: SessionEnding,
): () => void {
  if (!recording?.began) return () => {};
  return gateway.onSessionEndRequest(recording.recordingId, ({ by, reason }) =>
    ending.end("terminated", `terminated by ${by}: ${reason}`),
  );
}
