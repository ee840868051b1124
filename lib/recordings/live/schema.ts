import { z } from "zod";
import { SESSION_KINDS, type SessionKind } from "../../audit/columns/recordings/values/schema.ts";
import { RecordingEntry } from "../../audit/recordings/schema.ts";

const kinds = Object.keys(SESSION_KINDS) as [SessionKind, ...SessionKind[]];

/** A recorded session that is under way. Absent values are null. */
export const RunningSession = z
  .object({
    recordingId: z.uuid(),
    startedAt: z.iso.datetime(),
    name: z.string(),
    email: z.string(),
    clusterName: z.string(),
    namespace: z.string().nullable(),
    pod: z.string().nullable(),
    container: z.string().nullable(),
    kind: z.enum(kinds),
    role: z.string().nullable(),
    clientIp: z.string().nullable(),
    clientName: z.string().nullable(),
    tty: z.boolean(),
    idleMs: z
      .int()
      .meta({ description: "Since it last showed something, or took something that is recorded." }),
    outputBytes: z.int().meta({ description: "Bytes of stdout and stderr so far." }),
    endRequested: z.boolean().meta({ description: "Somebody has asked for its end." }),
  })
  .meta({ id: "RunningSession" });
export type RunningSession = z.infer<typeof RunningSession>;

export const RunningSessions = z
  .object({ sessions: z.array(RunningSession).meta({ description: "The newest first, at most 1,000." }) })
  .meta({ id: "RunningSessions" });
export type RunningSessions = z.infer<typeof RunningSessions>;

/** One recording, whether its session runs or is over. */
export const RecordingDetail = z
  .object({
    entry: RecordingEntry.nullable().meta({ description: "Its row; null while the session runs." }),
    running: RunningSession.nullable(),
    state: z.enum(["running", "preparing", "ready", "failed"]).meta({
      description: "preparing: the session is over, and playback is being made of it.",
    }),
    problem: z.string().nullable().meta({ description: "Why playback could not be prepared." }),
  })
  .meta({ id: "RecordingDetail" });
export type RecordingDetail = z.infer<typeof RecordingDetail>;

const MOST_REASON = 500;
const REASON = `takes one line of 1 to ${MOST_REASON} characters, which the person reads in her terminal`;

/** Why a session is ended. One line without control characters: it is shown in the person's terminal. */
export const EndSessionInput = z.strictObject({
  reason: z
    .string(REASON)
    .trim()
    .min(1, REASON)
    .max(MOST_REASON, REASON)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, REASON),
});
export type EndSessionInput = z.infer<typeof EndSessionInput>;
