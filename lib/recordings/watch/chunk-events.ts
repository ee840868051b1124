import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { CastDecoder, MAX_CHUNK_TEXT_BYTES } from "../cast/cast-decoder.ts";
import type { CastEvent } from "../cast/cast-event.ts";
import type { CastHeader } from "../cast/cast-header.ts";
import type { Chunk } from "../store/chunk.ts";

const decompress = promisify(zstdDecompress);

/** The events of one chunk; the header, where it is the first. */
export async function readChunkEvents({
  data,
  fromMs,
}: Pick<Chunk, "data" | "fromMs">): Promise<{ header: CastHeader | null; events: CastEvent[] }> {
  const decoder = new CastDecoder({ firstAtMs: fromMs });
  const text = await decompress(data, { maxOutputLength: MAX_CHUNK_TEXT_BYTES });
  const events = decoder.push(text);
  decoder.end();
  return { header: decoder.header, events };
}
