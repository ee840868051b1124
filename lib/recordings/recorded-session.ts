import { z } from "zod";
import { SESSION_KINDS, type SessionKind } from "../audit/columns/recordings/values/schema.ts";

const kinds = Object.keys(SESSION_KINDS) as [SessionKind, ...SessionKind[]];

/** What is known of a session when it starts: `recording_running.entry`. Absent values are null; times are milliseconds since the epoch. */
export const RecordedSession = z.object({
  recordingId: z.uuid(),
  startedAt: z.int(),
  /** As `audit_actor` has it. */
  actor: z.object({
    kind: z.enum(["user", "application", "anonymous", "system"]),
    id: z.string(),
    name: z.string(),
    email: z.string(),
  }),
  cluster: z.object({ id: z.string(), name: z.string(), endpoint: z.string() }),
  kind: z.enum(kinds),
  namespace: z.string().nullable(),
  pod: z.string().nullable(),
  container: z.string().nullable(),
  /** What it runs, redacted. */
  commandLine: z.string().nullable(),
  tty: z.boolean(),
  role: z.string().nullable(),
  clientIp: z.string().nullable(),
  clientName: z.string().nullable(),
  accessMethod: z.enum(["CLI", "Browser"]),
  protocol: z.string().nullable(),
  callId: z.uuid().nullable(),
  sessionId: z.uuid().nullable(),
  tokenId: z.uuid().nullable(),
  inputRecorded: z.boolean(),
  /** In which it was when the session began. A process of the version before does not say. */
  projects: z.array(z.string()).default([]),
  departments: z.array(z.string()).default([]),
  nodePools: z.array(z.string()).default([]),
});
export type RecordedSession = z.infer<typeof RecordedSession>;

export { RecordingPolicy } from "../access/policy/schema.ts";
