import { zstdDecompressSync } from "node:zlib";
import { CastDecoder } from "../../cast/cast-decoder.ts";
import type { CastEvent, CastEventCode } from "../../cast/cast-event.ts";
import type { RecordedSession } from "../../recorded-session.ts";
import { chainHash, firstHash } from "../../store/chain-hash.ts";
import type { Chunk } from "../../store/chunk.ts";
import type { RecordingEnd } from "../../store/close-recording.ts";
import type { RecordingStore } from "../../store/recording-store.ts";

/** Keeps recordings in memory, for tests of what is recorded; it can be told to wait and to fail. */
export class MemoryStore implements Omit<RecordingStore, "stop"> {
  readonly sessions: RecordedSession[] = [];
  readonly chunks: Chunk[] = [];
  readonly ends: RecordingEnd[] = [];
  readonly forgotten: string[] = [];
  /** Chunks wait for it before they count as stored. */
  gate: Promise<void> | null = null;
  failing: Error | null = null;

  async begin(session: RecordedSession): Promise<void> {
    if (this.failing !== null) throw this.failing;
    this.sessions.push(session);
  }

  async append(chunk: Chunk): Promise<void> {
    await this.gate;
    if (this.failing !== null) throw this.failing;
    this.chunks.push(chunk);
  }

  async finish(end: RecordingEnd): Promise<void> {
    if (this.failing !== null) throw this.failing;
    this.ends.push(end);
  }

  forget(recordingId: string): void {
    this.forgotten.push(recordingId);
  }

  clear(): void {
    for (const kept of [this.sessions, this.chunks, this.ends, this.forgotten]) kept.length = 0;
  }

  /** The chunks of one recording, and all frames together decompressed: the .cast. */
  cast(recordingId: string): string {
    return this.#of(recordingId)
      .map(({ data }) => zstdDecompressSync(data).toString("utf8"))
      .join("");
  }

  events(recordingId: string): CastEvent[] {
    const decoder = new CastDecoder();
    const events = decoder.push(Buffer.from(this.cast(recordingId)));
    decoder.end();
    return events;
  }

  /** What all events of a kind say, one after the other. */
  text(recordingId: string, code: CastEventCode): string {
    return this.events(recordingId)
      .filter((event) => event.code === code)
      .map(({ data }) => data)
      .join("");
  }

  /** Whether the chunks are the chain that they claim to be, without gaps, up to `lastHash`. */
  isWhole({ recordingId, chunks, lastHash }: RecordingEnd): boolean {
    let hash = firstHash(recordingId);
    const own = this.#of(recordingId);
    for (const [index, chunk] of own.entries()) {
      hash = chainHash(hash, chunk);
      if (chunk.seq !== index || !hash.equals(chunk.hash)) return false;
    }
    return own.length === chunks && hash.equals(lastHash);
  }

  #of(recordingId: string): Chunk[] {
    return this.chunks.filter((chunk) => chunk.recordingId === recordingId);
  }
}
