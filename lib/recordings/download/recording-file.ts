import { CastError } from "../cast/cast-decoder.ts";
import { type CastHeader, DEFAULT_SIZE } from "../cast/cast-header.ts";
import { readChunkEvents } from "../cast/chunk-events.ts";
import { BrokenRecording } from "../store/broken-recording.ts";
import type { Chunk } from "../store/chunk.ts";
import type { CastFileWriter } from "./cast-file.ts";

/** Of a recording whose first piece is not there: it ended before it had one, or lost it. */
const NO_HEADER: CastHeader = {
  version: 3,
  term: { cols: DEFAULT_SIZE.columns, rows: DEFAULT_SIZE.rows },
};

/**
 * The text of a recording's file, a chunk at a time. A recording that is not what was written is told up to there, and the file ends with what is wrong with it.
 * `chunks`: as `readChunks` yields them.
 */
export async function* writeRecording(
  chunks: AsyncIterable<Chunk>,
  writer: CastFileWriter,
): AsyncGenerator<string> {
  let begun = false;
  let problem: string | null = null;
  try {
    for await (const chunk of chunks) {
      const { header, events } = await readChunkEvents(chunk);
      if (!begun) yield writer.begin(header ?? NO_HEADER);
      begun = true;
      yield writer.write(events);
    }
  } catch (error) {
    if (!(error instanceof BrokenRecording || error instanceof CastError)) throw error;
    problem =
      error instanceof BrokenRecording ? error.message : `A piece of it cannot be read: ${error.message}.`;
  }
  if (!begun) yield writer.begin(NO_HEADER);
  yield writer.end(problem);
}
