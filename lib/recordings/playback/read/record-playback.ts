import { LRUCache } from "lru-cache";
import { recordEventAlone } from "../../../audit/events/record.ts";
import { toEntries } from "../../../audit/recordings/entries.ts";
import type { RecordingEntry } from "../../../audit/recordings/schema.ts";
import type { RunSql } from "../../../audit/store/sql.ts";
import type { Context } from "../../../context.ts";
import { processState } from "../../../process-state.ts";
import type { PlayableRecording } from "./playable-recording.ts";

/** Who plays a recording asks for its segments as long as she looks at it. */
const PLAYS_FOR_MS = 12 * 3_600_000;

const playing = processState(
  "recordings/playing",
  () => new LRUCache<string, true>({ max: 20_000, ttl: PLAYS_FOR_MS }),
);

/** What an event names a recording by, with its cluster. */
export async function entryOf(run: RunSql, { row }: PlayableRecording): Promise<RecordingEntry> {
  return (await toEntries(run, [row]))[0]!;
}

/** A recording as Event History names it: `exec shop/web-1 by ann@acme.example`. */
export function nameOf({ kind, namespace, pod, email, name }: RecordingEntry): string {
  const where = pod === null ? "" : ` ${namespace ?? ""}/${pod}`;
  return `${kind}${where} by ${email || name}`;
}

/** Writes that somebody plays a recording. Rejects where the event cannot be stored: then nothing is shown. */
export async function recordPlayback(ctx: Context, entry: RecordingEntry): Promise<void> {
  await recordEventAlone(ctx, {
    action: "View",
    operation: "Playback",
    entityType: "Recording",
    entityId: entry.recordingId,
    entityName: nameOf(entry),
  });
  playing.set(keyOf(ctx, entry.recordingId), true);
}

/** Whether this reader's playback is on the record: a segment that is asked for without the index is playback as well. */
export const isPlaying = (ctx: Context, recordingId: string): boolean => playing.has(keyOf(ctx, recordingId));

function keyOf({ actor, sourceIp }: Context, recordingId: string): string {
  const who = actor.kind === "user" || actor.kind === "application" ? actor.id : actor.kind;
  return [who, sourceIp, recordingId].join("\n");
}
