import type { RecordedSession } from "../../../lib/recordings/recorded-session.ts";
import type {
  RecordingOutcome,
  SessionRecording,
} from "../../../lib/recordings/recorder/session-recording.ts";

/** Keeps what a session shows, and can be told to fail. */
export class MemoryRecording implements SessionRecording {
  readonly session: RecordedSession;
  readonly recordingId: string;
  readonly markers: string[] = [];
  readonly sizes: { columns: number; rows: number }[] = [];
  text = "";
  failure: Error | null = null;
  outcome: RecordingOutcome | null = null;

  constructor(session: RecordedSession) {
    this.session = session;
    this.recordingId = session.recordingId;
  }

  output(_stream: "stdout" | "stderr", data: Uint8Array): void {
    if (this.text.length < 2 ** 20) this.text += Buffer.from(data).toString();
  }

  input(): void {}

  resize(size: { columns: number; rows: number }): void {
    this.sizes.push(size);
  }

  marker(label: string): void {
    this.markers.push(label);
  }

  room(): Promise<void> | undefined {
    return this.failure ? Promise.reject(this.failure) : undefined;
  }

  async close(outcome: RecordingOutcome): Promise<void> {
    this.outcome = outcome;
  }
}
