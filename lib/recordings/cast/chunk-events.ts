import { CastDecoder, MAX_CHUNK_TEXT_BYTES } from "./cast-decoder.ts";
import type { CastEvent } from "./cast-event.ts";
import type { CastHeader } from "./cast-header.ts";
import { decompressFrames } from "./decompress-frames.ts";

/** The events of one chunk; the header, where it is the first. Throws a `CastError`. */
export async function readChunkEvents({
  data,
  fromMs,
}: {
  data: Uint8Array;
  fromMs: number;
}): Promise<{ header: CastHeader | null; events: CastEvent[] }> {
  const decoder = new CastDecoder({ firstAtMs: fromMs });
  const events = decoder.push(await decompressFrames(data, MAX_CHUNK_TEXT_BYTES));
  decoder.end();
  return { header: decoder.header, events };
}
