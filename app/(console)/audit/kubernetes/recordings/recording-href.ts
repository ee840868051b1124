import type { RecordingEntry } from "../../../../../lib/audit/recordings/schema.ts";

/** The page of a recording: its playback, or watching it while it runs. `sought`: a text to find in it. */
export function recordingHref(
  { recordingId }: Pick<RecordingEntry, "recordingId">,
  sought: string | null = null,
): string {
  const query = sought === null ? "" : `?${new URLSearchParams({ q: sought })}`;
  return `/audit/kubernetes/recordings/${recordingId}${query}`;
}
