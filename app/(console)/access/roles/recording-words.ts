import type { RecordingPolicy } from "../../../../lib/access/policy/schema.ts";

/** What each policy is called, and what it means for whoever opens a session. */
export const RECORDING_WORDS: Record<RecordingPolicy, { label: string; meaning: string }> = {
  required: {
    label: "Required",
    meaning:
      "A session that cannot be recorded does not start. When its recording fails, it ends within seconds; the person reads why.",
  },
  best_effort: {
    label: "Best effort",
    meaning: "Sessions are recorded. When that is impossible they go on, and the record says so.",
  },
  off: {
    label: "Off",
    meaning: "Sessions are not recorded. Request Audit still has who opened which session, and how it ended.",
  },
};
