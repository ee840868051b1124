import { auditScope, requirePermission } from "../../access/permission.ts";
import { type NewEvent, recordEventAlone } from "../../audit/events/record.ts";
import { readAudit } from "../../audit/query/audit-query.ts";
import { findRecordingRow, noSuchRecording } from "../../audit/recordings/find.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { processState } from "../../process-state.ts";
import { describeSession } from "../live/describe-session.ts";
import { readRunningRows } from "../live/running-row.ts";
import type { RecordedSession } from "../recorded-session.ts";
import { processReader } from "../recording-reader.ts";
import { SessionTail } from "./session-tail.ts";

const tails = processState("recordings/tails", () => new Map<string, SessionTail>());

/**
 * Watches a running session, less than a second behind. That somebody begins to is an event, without which nothing is shown.
 * @returns what answers with server-sent events until the session is over or `signal` aborts.
 * @throws AppError `not_found`; `conflict` where the session is over.
 */
export async function watchSession({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<(signal: AbortSignal) => ReadableStream<Uint8Array>> {
  requirePermission(ctx, "recordings:play");
  const session = await requireRunning(ctx, input.id);
  await recordEventAlone(ctx, watched(session));
  return (signal) => {
    recordWithdrawnRight(ctx, session, signal);
    return tailOf(session).watch(signal);
  };
}

const watched = (session: RecordedSession): NewEvent => ({
  action: "View",
  entityType: "Recording",
  entityId: session.recordingId,
  entityName: `${describeSession(session)}, as it runs`,
  cluster: session.cluster,
});

function recordWithdrawnRight(ctx: Context, session: RecordedSession, signal: AbortSignal): void {
  const onAbort = () => {
    if (!(signal.reason instanceof AppError)) return;
    const event: NewEvent = { ...watched(session), status: "Failed", error: signal.reason.message };
    recordEventAlone(ctx, event).catch((err: unknown) =>
      log.error({ err }, "that somebody was kept from watching on could not be recorded"),
    );
  };
  signal.addEventListener("abort", onAbort, { once: true });
}

async function requireRunning(ctx: Context, recordingId: string): Promise<RecordedSession> {
  const scope = auditScope(ctx);
  return readAudit(async (run) => {
    const [row] = await readRunningRows(run, { scope, recordingId });
    if (row !== undefined) return row.session;
    const over = await findRecordingRow(run, { scope, recordingId });
    if (over === null) throw noSuchRecording(recordingId);
    throw new AppError("conflict", "This session is over: play its recording instead.");
  });
}

/** All who watch a session share what reads it. */
function tailOf({ recordingId, startedAt }: RecordedSession): SessionTail {
  const there = tails.get(recordingId);
  if (there !== undefined) return there;
  const tail = new SessionTail({ recordingId, startedAt }, processReader(), () => tails.delete(recordingId));
  tails.set(recordingId, tail);
  // The one who watches is there before it looks whether anybody is.
  queueMicrotask(() => void tail.run());
  return tail;
}
