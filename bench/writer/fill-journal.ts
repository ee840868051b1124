import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { encodeFrame, FRAME_TYPE } from "../../lib/audit/journal/frame.ts";
import { closesIntent } from "../../lib/audit/journal/open-intents.ts";
import { segmentFile } from "../../lib/audit/journal/segment.ts";

export interface FilledJournal {
  entries: number;
  frames: number;
  /** Position behind each frame, and entries up to there. */
  ends: number[];
  counts: number[];
}

const SEGMENT_BYTES = 16 * 2 ** 20;
/** So many calls are under way at once: their intents stand before the first one's outcome. */
const AT_ONCE = 16;

/** Writes entries into segments as the gateway does: an intent a call (where there are `intents`), and its outcome a few frames later. */
export function fillJournal(
  directory: string,
  entries: Iterable<KubeRequestEntry>,
  { intents }: { intents: boolean },
): FilledJournal {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const filled: FilledJournal = { entries: 0, frames: 0, ends: [], counts: [] };
  let base = 0;
  let position = 0;
  let file = openSync(segmentFile(directory, base), "wx", 0o600);
  const append = (frame: Buffer) => {
    if (position - base >= SEGMENT_BYTES) {
      closeSync(file);
      base = position;
      file = openSync(segmentFile(directory, base), "wx", 0o600);
    }
    writeSync(file, frame);
    position += frame.length;
    filled.frames += 1;
    filled.ends.push(position);
    filled.counts.push(filled.entries);
  };
  const underWay: KubeRequestEntry[] = [];
  const end = (entry: KubeRequestEntry) => {
    filled.entries += 1;
    append(encodeFrame(closesIntent(entry) ? FRAME_TYPE.closing : FRAME_TYPE.entry, JSON.stringify(entry)));
  };
  for (const entry of entries) {
    if (intents) append(encodeFrame(FRAME_TYPE.intent, JSON.stringify(intentOf(entry))));
    underWay.push(entry);
    if (underWay.length > AT_ONCE) end(underWay.shift()!);
  }
  for (const entry of underWay) end(entry);
  closeSync(file);
  return filled;
}

/** What is known of a call before it is carried out. */
const intentOf = (entry: KubeRequestEntry): KubeRequestEntry => {
  return { ...entry, stage: "start", message: null, httpStatus: null, durationMs: null, bytesOut: null };
};
