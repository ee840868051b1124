import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { noSuchRecording } from "../../audit/recordings/find.ts";
import { onPrisma } from "../../audit/store/sql.ts";
import type { Actor, Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { RecordedSession } from "../recorded-session.ts";
import { describeSession } from "./describe-session.ts";
import { announceEndRequest } from "./end-requests.ts";
import { EndSessionInput } from "./schema.ts";

/**
 * Asks for the end of a running session, whose process ends it within two seconds; who asked and why is what its person reads, and what the
 * record keeps.
 * @throws AppError `conflict` where somebody asked before, or the session is over; `not_found`.
 */
export async function requestSessionEnd({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & EndSessionInput;
}): Promise<void> {
  requirePermission(ctx, "recordings:end");
  const { id, ...rest } = input;
  const { reason } = EndSessionInput.parse(rest);
  const by = nameOf(ctx.actor);
  await inTransaction(database(), async (tx) => {
    const session = await takeRequest(tx, { id, by, reason });
    await announceEndRequest(tx, id);
    await recordEvent(tx, ctx, {
      action: "Update",
      operation: "End",
      entityType: "Recording",
      entityId: id,
      entityName: describeSession(session),
      cluster: session.cluster,
      after: { reason, person: session.actor.email || session.actor.name },
    });
  });
}

async function takeRequest(
  tx: Transaction,
  { id, by, reason }: { id: string; by: string; reason: string },
): Promise<RecordedSession> {
  const run = onPrisma(tx);
  const [row] = await run<{ entry: unknown }>(
    `UPDATE recording_running SET end_requested_at = now(), end_requested_by = $2::text, end_reason = $3::text
     WHERE recording_id = $1::uuid AND end_requested_at IS NULL RETURNING entry`,
    [id, by, reason],
  );
  if (row === undefined) throw await whyNot(tx, id);
  return RecordedSession.parse(row.entry);
}

async function whyNot(tx: Transaction, id: string): Promise<AppError> {
  const asked = await tx.recordingRunning.findUnique({ where: { recordingId: id } });
  if (asked !== null) {
    return new AppError("conflict", `${asked.endRequestedBy} has asked for the end of this session already.`);
  }
  const over = await tx.recording.findFirst({ where: { recordingId: id }, select: { endedAt: true } });
  if (over === null) return noSuchRecording(id);
  return new AppError("conflict", `This session is over since ${over.endedAt.toISOString()}.`);
}

function nameOf(actor: Actor): string {
  if (actor.kind === "user") return actor.email;
  return actor.kind === "anonymous" ? "somebody" : actor.name;
}
