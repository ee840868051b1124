import { randomBytes } from "node:crypto";
import type { CastEvent } from "../cast/cast-event.ts";
import { type CastHeader, headerLine } from "../cast/cast-header.ts";
import { encodeEvents } from "../cast/encode-events.ts";
import { chainHash, firstHash } from "../store/chain-hash.ts";
import type { Chunk } from "../store/chunk.ts";
import type { RecordingStore } from "../store/recording-store.ts";
import { compressChunk } from "./compress-chunk.ts";

/** How long the first event of a chunk waits for others: with the way to the store, what a crash loses stays below a second. */
const GATHER_MS = 400;
/** From how many characters on a chunk does not wait. */
const CHUNK_CHARACTERS = 64 * 1024;
/** How many characters may be on their way to the store before the session is held back; it goes on at half of that. */
const MAX_UNSTORED_CHARACTERS = 256 * 1024;
/** What an event takes beside its data: many small ones are as much to hold as a large one. */
const EVENT_CHARACTERS = 40;
/** The largest `recording_chunk.output_bytes`. */
const MAX_COUNTED_BYTES = 2 ** 31 - 1;

/** A chunk that is not compressed yet. */
type Gathered = Omit<Chunk, "data" | "hash"> & { lines: Buffer };

interface Stored {
  chunks: number;
  lastHash: Buffer;
  storedBytes: number;
}

/** One recording's way to the store: gathers events into chunks, compresses them, chains their hashes. */
export class ChunkWriter {
  /** Why nothing is stored any more; null while all goes well. */
  failure: Error | null = null;
  readonly #of: { recordingId: string; startedAt: number };
  readonly #store: Pick<RecordingStore, "append">;
  readonly #header: () => CastHeader;
  readonly #onFailure: (error: Error) => void;
  #events: CastEvent[] = [];
  #characters = 0;
  #outputBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #lastMs = 0;
  #lastHash: Buffer;
  /** The chunks before are compressed and on their way, in order. */
  #sent: Promise<void> = Promise.resolve();
  /** They are stored. */
  #confirmed: Promise<void> = Promise.resolve();
  #unstored = 0;
  #room: PromiseWithResolvers<void> | null = null;
  readonly #stored: Stored;
  readonly #failed = Promise.withResolvers<void>();

  /** `header`: asked for once, when the first chunk is written. */
  constructor(input: {
    recordingId: string;
    startedAt: number;
    store: Pick<RecordingStore, "append">;
    header: () => CastHeader;
    onFailure: (error: Error) => void;
  }) {
    const { recordingId, startedAt } = input;
    this.#of = { recordingId, startedAt };
    this.#store = input.store;
    this.#header = input.header;
    this.#onFailure = input.onFailure;
    this.#lastHash = firstHash(recordingId);
    this.#stored = { chunks: 0, lastHash: this.#lastHash, storedBytes: 0 };
  }

  /** What the store has of it, in order and without gaps. */
  get stored(): Readonly<Stored> {
    return this.#stored;
  }

  add(event: CastEvent): void {
    if (this.failure !== null) return;
    const last = this.#events.at(-1);
    // Frames that came together are one event: nobody could tell them apart.
    if (last !== undefined && isContinued(last, event)) last.data += event.data;
    else {
      this.#events.push(event);
      this.#characters += EVENT_CHARACTERS;
    }
    this.#characters += event.data.length;
    if (this.#characters >= CHUNK_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Bytes of stdout or stderr, for the chunk that comes next. */
  countOutput(bytes: number): void {
    this.#outputBytes += bytes;
  }

  /** Undefined while there is room; else a promise that resolves when there is again, and rejects where there will be none. */
  room(): Promise<void> | undefined {
    if (this.failure !== null) return Promise.reject(this.failure);
    if (this.#characters + this.#unstored <= MAX_UNSTORED_CHARACTERS) return undefined;
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  /** Sends what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    const events = this.#events;
    const characters = this.#characters;
    this.#events = [];
    this.#characters = 0;
    this.#unstored += characters;
    const chunk = this.#nextChunk(events);
    this.#sent = this.#sent.then(() => this.#send(chunk, characters)).catch((error) => this.#fail(error));
  }

  /** Sends the rest; resolves when all is stored, or nothing will be. */
  async end(): Promise<void> {
    this.flush();
    const stored = this.#sent.then(() => this.#confirmed);
    await Promise.race([stored, this.#failed.promise]);
  }

  #nextChunk(events: readonly CastEvent[]): Gathered {
    const lines = encodeEvents(events, this.#lastMs);
    const outputBytes = Math.min(this.#outputBytes, MAX_COUNTED_BYTES);
    this.#outputBytes -= outputBytes;
    this.#lastMs = events.at(-1)!.atMs;
    const seq = this.#seq++;
    const header = seq === 0 ? headerLine(this.#header()) : "";
    return {
      ...this.#of,
      seq,
      fromMs: events[0]!.atMs,
      toMs: this.#lastMs,
      outputBytes,
      lines: Buffer.from(header + lines + randomComment()),
    };
  }

  async #send({ lines, ...chunk }: Gathered, characters: number): Promise<void> {
    if (this.failure !== null) return;
    const data = await compressChunk(lines);
    this.#lastHash = chainHash(this.#lastHash, { ...chunk, data });
    const hash = this.#lastHash;
    const appended = this.#store.append({ ...chunk, data, hash });
    // It is looked at when those before it are stored.
    appended.catch(() => undefined);
    this.#confirmed = this.#confirmed
      .then(() => appended)
      .then(() => this.#confirm({ hash, bytes: data.length, characters }))
      .catch((error) => this.#fail(error));
  }

  #confirm({ hash, bytes, characters }: { hash: Buffer; bytes: number; characters: number }): void {
    if (this.failure !== null) return;
    this.#stored.chunks += 1;
    this.#stored.lastHash = hash;
    this.#stored.storedBytes += bytes;
    this.#unstored -= characters;
    if (this.#room === null || this.#unstored > MAX_UNSTORED_CHARACTERS / 2) return;
    this.#room.resolve();
    this.#room = null;
  }

  #fail(error: Error): void {
    if (this.failure !== null) return;
    this.failure = error;
    clearTimeout(this.#timer);
    this.#events = [];
    this.#characters = 0;
    this.#room?.reject(error);
    this.#room = null;
    this.#failed.resolve();
    this.#onFailure(error);
  }
}

/** A few keys are soon guessed, and the hash of a chunk lies beside it though it is sealed: with this in it no guess can be tried. */
function randomComment(): string {
  return `# ${randomBytes(16).toString("base64url")}\n`;
}

const CONTINUABLE = new Set(["o", "e", "i"]);

function isContinued(last: CastEvent, event: CastEvent): boolean {
  return last.code === event.code && last.atMs === event.atMs && CONTINUABLE.has(event.code);
}
