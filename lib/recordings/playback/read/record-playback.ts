import { LRUCache } from "lru-cache";
import { type NewEvent, recordEventAlone } from "../../../audit/events/record.ts";
import { readTexts } from "../../../audit/query/texts.ts";
import { toEntries } from "../../../audit/recordings/entries.ts";
import type { RunSql } from "../../../audit/store/sql.ts";
import type { Context } from "../../../context.ts";
import { processState } from "../../../process-state.ts";
import { describeSession } from "../../live/describe-session.ts";
import type { PlayableRecording } from "./playable-recording.ts";

/** Who plays a recording asks for its segments as long as she looks at it. */
const PLAYS_FOR_MS = 12 * 3_600_000;

const playing = processState(
  "recordings/playing",
  () => new LRUCache<string, true>({ max: 20_000, ttl: PLAYS_FOR_MS }),
);

/** A recording as an event speaks of it. */
export interface PlayedRecording {
  recordingId: string;
  /** `exec shop/web-1 by ann@acme.example` */
  name: string;
  cluster: NewEvent["cluster"];
}

export async function describePlayed(
  run: RunSql,
  { row }: Pick<PlayableRecording, "row">,
): Promise<PlayedRecording> {
  const [entry] = await toEntries(run, [row]);
  const texts = await readTexts(run, { terms: [], actors: [], clusters: [row.cluster_id] });
  const cluster = texts.cluster(row.cluster_id);
  return {
    recordingId: row.recording_id,
    name: describeSession({ ...entry!, actor: entry! }),
    cluster: cluster && { id: cluster.clusterId, name: cluster.name, endpoint: cluster.endpoint },
  };
}

/** Writes that somebody plays a recording. Rejects where the event cannot be stored: then nothing is shown. */
export async function recordPlayback(
  ctx: Context,
  { recordingId, name, cluster }: PlayedRecording,
): Promise<void> {
  await recordEventAlone(ctx, {
    action: "View",
    operation: "Playback",
    entityType: "Recording",
    entityId: recordingId,
    entityName: name,
    cluster,
  });
  playing.set(keyOf(ctx, recordingId), true);
}

/** Whether this reader's playback is on the record: a segment that is asked for without the index is playback as well. */
export const isPlaying = (ctx: Context, recordingId: string): boolean => playing.has(keyOf(ctx, recordingId));

function keyOf({ actor, sourceIp }: Context, recordingId: string): string {
  const who = actor.kind === "user" || actor.kind === "application" ? actor.id : actor.kind;
  return [who, sourceIp, recordingId].join("\n");
}
