import { LRUCache } from "lru-cache";
import { requirePermission } from "../../access/permission.ts";
import { recordEventAlone } from "../../audit/events/record.ts";
import { readAudit } from "../../audit/query/audit-query.ts";
import { partSql } from "../../audit/query/matching-ids.ts";
import type { AuditScope } from "../../audit/query/scope.ts";
import { redactSearched } from "../../audit/redaction/redact-filter.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import type { Context } from "../../context.ts";
import { processState } from "../../process-state.ts";
import { retryGivenUp } from "../playback/read/get-playback.ts";
import { findPlayable } from "../playback/read/playable-recording.ts";
import { describePlayed, type PlayedRecording } from "../playback/read/record-playback.ts";
import { hitsOf, type StoredBlock } from "./hits.ts";
import { MOST_HITS, type RecordingSearch } from "./schema.ts";

interface SearchInput {
  ctx: Context;
  scope: AuditScope;
  input: { id: string; q: string };
}

/**
 * Where a text was typed or shown in one recording. That somebody searches is an event, without which nothing is told.
 * @throws AppError `permission_denied`, and as `findPlayable`.
 */
export async function searchRecording({ ctx, scope, input }: SearchInput): Promise<RecordingSearch> {
  requirePermission(ctx, "recordings:play");
  const { played, hits } = await readAudit(async (run) => {
    const playable = await findPlayable(run, { scope, recordingId: input.id });
    const blocks = await readBlocks(run, playable.row.started_at, input);
    return {
      played: await describePlayed(run, playable),
      hits: blocks.flatMap((block) => hitsOf(block, input.q)),
    };
  }).catch(retryGivenUp);
  await recordSearch(ctx, played, input.q);
  hits.sort((one, other) => one.atMs - other.atMs);
  return { hits: hits.slice(0, MOST_HITS), more: hits.length > MOST_HITS };
}

/** Each has a hit at least. */
function readBlocks(run: RunSql, startedAt: Date, { id, q }: SearchInput["input"]): Promise<StoredBlock[]> {
  const { sql, value } = partSql(":", "text", q, "$3::text");
  return run<StoredBlock>(
    `SELECT at_ms AS "atMs", kind, text, line_ms AS "lineMs" FROM recording_text
     WHERE started_at = $1::timestamptz AND recording_id = $2::uuid AND ${sql} ORDER BY at_ms LIMIT ${MOST_HITS + 1}`,
    [startedAt.toISOString(), id, value],
  );
}

/** The same search of the same recording is one event for so long: a page asks as somebody types. */
const SAME_SEARCH_MS = 10 * 60_000;
const searches = processState(
  "recordings/searches",
  () => new LRUCache<string, Promise<void>>({ max: 20_000, ttl: SAME_SEARCH_MS }),
);

function recordSearch(ctx: Context, played: PlayedRecording, q: string): Promise<void> {
  const { actor, sourceIp } = ctx;
  const who = actor.kind === "user" || actor.kind === "application" ? actor.id : actor.kind;
  const key = [who, sourceIp, played.recordingId, q].join("\n");
  const before = searches.get(key);
  if (before) return before;
  const recorded = recordEventAlone(ctx, {
    action: "View",
    operation: "Search",
    entityType: "Recording",
    entityId: played.recordingId,
    entityName: played.name,
    cluster: played.cluster,
    requestBody: { q: redactSearched(q) },
  }).then(() => undefined);
  searches.set(key, recorded);
  recorded.catch(() => searches.delete(key));
  return recorded;
}
