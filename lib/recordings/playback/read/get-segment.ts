import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { requirePermission } from "../../../access/permission.ts";
import { readAudit } from "../../../audit/query/audit-query.ts";
import type { AuditScope } from "../../../audit/query/scope.ts";
import type { Context } from "../../../context.ts";
import { AppError } from "../../../errors.ts";
import { readSegment } from "../../store/read-segment.ts";
import { retryGivenUp } from "./get-playback.ts";
import { findPlayable } from "./playable-recording.ts";
import { describePlayed, isPlaying, recordPlayback } from "./record-playback.ts";

const decompress = promisify(zstdDecompress);
/** Far more than a segment has. */
const MOST_BYTES = 64 * 1024 * 1024;

interface SegmentInput {
  ctx: Context;
  scope: AuditScope;
  input: { id: string; seq: number };
}

/**
 * One segment as the JSON that it is kept as (`PlaybackSegment`). Part of playing the recording, which is an event.
 * @throws AppError `not_found` where it has no such segment; `permission_denied`, and as `findPlayable`.
 */
export async function getSegment({ ctx, scope, input }: SegmentInput): Promise<Buffer> {
  requirePermission(ctx, "recordings:play");
  const { row, played } = await readAudit(async (run) => {
    const playable = await findPlayable(run, { scope, recordingId: input.id });
    const played = isPlaying(ctx, input.id) ? null : await describePlayed(run, playable);
    return { row: playable.row, played };
  }).catch(retryGivenUp);
  const key = { recordingId: input.id, startedAt: row.started_at.getTime() };
  const data = await readSegment({ ...key, seq: input.seq });
  if (data === null) throw noSuchSegment(input.seq);
  if (played !== null) await recordPlayback(ctx, played);
  return decompress(data, { maxOutputLength: MOST_BYTES });
}

const noSuchSegment = (seq: number): AppError =>
  new AppError(
    "not_found",
    `The recording has no segment ${seq}; its index (/playback) lists those that there are.`,
  );
