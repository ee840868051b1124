import { requirePermission } from "../../../access/permission.ts";
import { readAudit } from "../../../audit/query/audit-query.ts";
import type { AuditScope } from "../../../audit/query/scope.ts";
import { onPostgres } from "../../../audit/store/sql.ts";
import type { Context } from "../../../context.ts";
import { pool } from "../../../db/connection.ts";
import { retryRenders } from "../jobs/render-queue.ts";
import type { PlaybackIndex } from "../schema.ts";
import { chainNow } from "./chain-now.ts";
import { findPlayable, GivenUp } from "./playable-recording.ts";
import { describePlayed, recordPlayback } from "./record-playback.ts";

interface PlaybackInput {
  ctx: Context;
  scope: AuditScope;
  input: { id: string };
}

/**
 * What a player needs first of a recording, and whether the recording is still what was written. That somebody asks for it is an event, without
 * which nothing is told.
 * @throws AppError `permission_denied`, and as `findPlayable`.
 */
export async function getPlayback({ ctx, scope, input }: PlaybackInput): Promise<PlaybackIndex> {
  requirePermission(ctx, "recordings:play");
  const { index, row, played } = await readAudit(async (run) => {
    const playable = await findPlayable(run, { scope, recordingId: input.id });
    return { ...playable, played: await describePlayed(run, playable) };
  }).catch(retryGivenUp);
  await recordPlayback(ctx, played);
  return { ...index, chain: await chainNow(row, index.chain) };
}

/** Somebody wants it: it is tried again. */
export async function retryGivenUp(error: unknown): Promise<never> {
  if (error instanceof GivenUp) await retryRenders(onPostgres(pool()), error.recordingId);
  throw error;
}
