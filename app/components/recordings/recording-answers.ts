import { z } from "zod";
import { RecordingEntry } from "../../../lib/audit/recordings/schema.ts";
import { RequestAuditEntry } from "../../../lib/audit/request-audit/schema.ts";

/** A session that runs. */
export const RunningSession = z.object({
  recordingId: z.string(),
  startedAt: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  clusterName: z.string(),
  namespace: z.string().nullable(),
  pod: z.string().nullable(),
  container: z.string().nullable(),
  kind: z.string(),
  role: z.string().nullable(),
  clientIp: z.string().nullable(),
  clientName: z.string().nullable(),
  tty: z.boolean(),
  idleMs: z.number(),
  outputBytes: z.number(),
  endRequested: z.boolean(),
});
export type RunningSession = z.infer<typeof RunningSession>;

export const RunningSessions = z.object({ sessions: z.array(RunningSession) });

export const RecordingDetail = z.object({
  entry: RecordingEntry.nullable(),
  running: RunningSession.nullable(),
  state: z.enum(["running", "preparing", "ready", "failed"]),
  problem: z.string().nullable(),
});
export type RecordingDetail = z.infer<typeof RecordingDetail>;

export const RecordingHits = z.object({
  hits: z.array(z.object({ atMs: z.number(), kind: z.enum(["command", "output"]), text: z.string() })),
  more: z.boolean(),
});

export const RecordingRelated = z.object({
  start: RequestAuditEntry.nullable(),
  end: RequestAuditEntry.nullable(),
  calls: z.array(RequestAuditEntry),
  more: z.boolean(),
});
export type RecordingRelated = z.infer<typeof RecordingRelated>;
