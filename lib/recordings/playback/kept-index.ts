import { openPart, type PartSealing, sealPart } from "../store/sealed-part.ts";
import type { PlaybackIndex } from "./schema.ts";

/** An index as `recording_playback` has it: sealed (base64) where recordings are, since it names commands and files; what is known of the chain is not. */
export type KeptIndex = PlaybackIndex | (Pick<PlaybackIndex, "chain"> & { sealed: string });

const partOf = (recordingId: string) => ({ kind: "index", recordingId, seq: 0 }) as const;

export function keepIndex(sealing: PartSealing, recordingId: string, index: PlaybackIndex): KeptIndex {
  if (!sealing.seal) return index;
  const kept = sealPart(sealing, partOf(recordingId), Buffer.from(JSON.stringify(index)));
  return { sealed: kept.data.toString("base64"), chain: index.chain };
}

/** @throws AppError `internal` where it was sealed with another key, or was changed since. */
export function openIndex(
  sealing: Pick<PartSealing, "key">,
  recordingId: string,
  kept: KeptIndex,
): PlaybackIndex {
  if (!("sealed" in kept)) return kept;
  const sealed = { sealed: true, data: Buffer.from(kept.sealed, "base64") };
  return JSON.parse(openPart(sealing, partOf(recordingId), sealed).toString()) as PlaybackIndex;
}
