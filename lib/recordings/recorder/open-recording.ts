import { log } from "../../log.ts";
import type { RecordingPolicy } from "../recorded-session.ts";
import { noRecording } from "./no-recording.ts";
import { SessionRecorder, type SessionRecorderInput } from "./session-recorder.ts";
import type { SessionRecording } from "./session-recording.ts";

export interface OpenRecordingInput extends SessionRecorderInput {
  /** Of a session that is to be recorded at all: `off` has nothing to open. */
  policy: Exclude<RecordingPolicy, "off">;
}

/**
 * Begins the recording of a session, before anything of it passes. Where the store does not take it, `required` rejects with what the store said,
 * and `best_effort` yields a recording whose `failure` that is, and which keeps nothing.
 */
export async function openRecording({ policy, ...input }: OpenRecordingInput): Promise<SessionRecording> {
  const { session, store } = input;
  try {
    await store.begin(session);
  } catch (error) {
    if (policy === "required") throw error;
    log.warn({ err: error, recordingId: session.recordingId }, "a session goes on without its recording");
    return noRecording(session.recordingId, error instanceof Error ? error : new Error(String(error)));
  }
  return new SessionRecorder(input);
}
