import { CastError } from "../../cast/cast-decoder.ts";
import type { CastEvent } from "../../cast/cast-event.ts";
import { type CastHeader, DEFAULT_SIZE } from "../../cast/cast-header.ts";
import { readChunkEvents } from "../../cast/chunk-events.ts";
import { BrokenRecording } from "../../store/broken-recording.ts";
import { firstHash } from "../../store/chain-hash.ts";
import type { Chunk } from "../../store/chunk.ts";
import type { PlaybackIndex } from "../schema.ts";
import type { ScreenSize } from "../screen/screen-size.ts";

/** The events of a recording, up to where its chain breaks. */
export class RecordedEvents {
  readonly #chain: PlaybackIndex["chain"];
  readonly #chunks: AsyncIterator<Chunk>;
  #header: CastHeader | null = null;
  #first: CastEvent[] = [];

  constructor(recordingId: string, chunks: AsyncIterable<Chunk>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    const lastHash = firstHash(recordingId).toString("hex");
    this.#chain = { chunks: 0, lastHash, intact: true, problem: null };
  }

  /** Reads the first chunk, and the size in its header. */
  async open(): Promise<ScreenSize> {
    this.#first = (await this.#next()) ?? [];
    const term = this.#header?.term;
    return term ? { columns: term.cols, rows: term.rows } : DEFAULT_SIZE;
  }

  async *events(): AsyncGenerator<CastEvent[]> {
    for (let events: CastEvent[] | null = this.#first; events; events = await this.#next()) yield events;
  }

  /** What is known of the chain; the whole once all events were read. */
  get chain(): PlaybackIndex["chain"] {
    return { ...this.#chain };
  }

  /** Null at the end, and at the break. */
  async #next(): Promise<CastEvent[] | null> {
    if (!this.#chain.intact) return null;
    try {
      const { value, done } = await this.#chunks.next();
      if (done) return null;
      const { header, events } = await readChunkEvents(value);
      this.#header ??= header;
      this.#chain.chunks += 1;
      this.#chain.lastHash = value.hash.toString("hex");
      return events;
    } catch (error) {
      this.#break(error);
      return null;
    }
  }

  /** What came before was as it was recorded, and is shown. */
  #break(error: unknown): void {
    const problem = problemOf(error, this.#chain.chunks);
    if (problem === null) throw error;
    this.#chain.intact = false;
    this.#chain.problem = problem;
  }
}

/** In words; null for what is no fault of the recording's. */
function problemOf(error: unknown, seq: number): string | null {
  if (error instanceof BrokenRecording) return `Piece ${error.seq} ${error.problem}.`;
  if (error instanceof CastError) return `Piece ${seq} cannot be read: ${error.message}.`;
  return null;
}
