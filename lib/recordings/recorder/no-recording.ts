import type { SessionRecording } from "./session-recording.ts";

/** Of a session that goes on although its recording could not begin. */
export function noRecording(recordingId: string, failure: Error): SessionRecording {
  const nothing = () => undefined;
  const done = async () => undefined;
  return {
    recordingId,
    failure,
    began: false,
    wantsInput: false,
    output: nothing,
    input: nothing,
    resize: nothing,
    marker: nothing,
    room: nothing,
    end: done,
    close: done,
    discard: nothing,
  };
}
