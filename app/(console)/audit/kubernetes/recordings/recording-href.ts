import type { RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";

/** The page of a recording: its playback, or watching it while it runs. */
export const recordingHref = ({ recordingId }: Pick<RecordingEntry, "recordingId">): string =>
  `/audit/kubernetes/recordings/${recordingId}`;
