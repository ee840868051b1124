import type { EventEntry } from "../../audit/event-history/schema.ts";
import type { RecordingEntry } from "../../audit/recordings/schema.ts";
import type { RequestAuditEntry } from "../../audit/request-audit/schema.ts";

interface Common {
  /** Names the record for good, among all installations: the same each time it is sent. At most 128 of A-Z a-z 0-9 - and dots. */
  id: string;
  /** Its number on its surface; 0 of a test record. */
  no: number;
  /** When it happened, in milliseconds since 1970. */
  at: number;
  /** The console's address, by which receivers tell installations apart. */
  installation: string;
  /** Sent only to see what comes back. */
  test: boolean;
}

/** A record that a stream sends: its entry is what the API tells, without the fields that the stream leaves out. */
export type StreamRecord =
  | (Common & { surface: "requests"; entry: Partial<RequestAuditEntry> })
  | (Common & { surface: "events"; entry: Partial<EventEntry> })
  | (Common & { surface: "recordings"; entry: Partial<RecordingEntry> });
