import { type FileHandle, open } from "node:fs/promises";
import { decodeFrame, type Frame, HEADER_BYTES, MAX_PAYLOAD_BYTES, mayBeFrame } from "./frame.ts";
import { listSegments, type Segment } from "./segment.ts";

export interface PositionedFrame extends Frame {
  /** Position of the byte after the frame. */
  end: number;
}

const CHUNK_BYTES = 262_144;

/**
 * Reads the frames of a journal in order, from a position, while it grows. A segment ends at its last whole frame: what follows was torn
 * by a crash or a full disk, and the next segment goes on. What is no frame and stands before one was damaged after it was written: it is
 * passed over and counted.
 */
export class JournalReader {
  readonly #directory: string;
  #position: number;
  #segment: Segment | null = null;
  #handle: FileHandle | null = null;
  /** Bytes that were read; `#offset` is where the next frame begins in them, at `#position`. */
  #bytes = Buffer.alloc(0);
  #offset = 0;
  #skippedBytes = 0;
  #damagedBytes = 0;

  constructor(directory: string, position: number) {
    this.#directory = directory;
    this.#position = position;
  }

  /** Where the next frame begins. */
  get position(): number {
    return this.#position;
  }

  /** Bytes at the ends of segments that are no whole frame. After a crash there can be a few. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** Bytes between frames that are no frame: entries that cannot be read any more. */
  get damagedBytes(): number {
    return this.#damagedBytes;
  }

  /**
   * The next frame that ends at `limit` or before, or null where there is none (yet).
   * @throws {LaterFrameError} for one that a later program wrote.
   */
  async next(limit: number): Promise<PositionedFrame | null> {
    while (this.#position < limit) {
      const frame = decodeFrame(this.#bytes, this.#offset);
      if (typeof frame === "object") {
        if (this.#position + frame.length > limit) return null;
        this.#offset += frame.length;
        this.#position += frame.length;
        return { ...frame, end: this.#position };
      }
      if (frame === "incomplete" && (await this.#readMore())) continue;
      if (await this.#passDamage(limit)) continue;
      if (!(await this.#openNext())) return null;
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }

  async #readMore(): Promise<boolean> {
    if (!this.#handle || !this.#segment) return false;
    const rest = this.#bytes.subarray(this.#offset);
    const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, this.#missingBytes(rest)));
    const at = this.#position - this.#segment.base + rest.length;
    const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return false;
    this.#bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    this.#offset = 0;
    return true;
  }

  /** Goes to the next frame of the segment, where there is one before `limit`. */
  async #passDamage(limit: number): Promise<boolean> {
    // Nothing is left: the segment ends with its last frame, or the journal is still growing.
    if (this.#bytes.length === this.#offset) return false;
    while (await this.#readMore());
    const last = Math.min(this.#bytes.length, this.#offset + limit - this.#position);
    for (let offset = this.#offset + 1; offset + HEADER_BYTES <= last; offset++) {
      if (!mayBeFrame(this.#bytes, offset) || typeof decodeFrame(this.#bytes, offset) === "string") continue;
      const damaged = offset - this.#offset;
      this.#damagedBytes += damaged;
      this.#position += damaged;
      this.#offset = offset;
      return true;
    }
    return false;
  }

  async #countSkipped(): Promise<void> {
    if (!this.#handle || !this.#segment) return;
    const { size } = await this.#handle.stat();
    this.#skippedBytes += Math.max(0, this.#segment.base + size - this.#position);
  }

  #missingBytes(rest: Buffer): number {
    const needed = rest.length >= 4 ? HEADER_BYTES + rest.readUInt32LE(0) : HEADER_BYTES;
    return Math.min(needed, HEADER_BYTES + MAX_PAYLOAD_BYTES) - rest.length;
  }

  /** Goes to the segment that has the position, or begins after it. */
  async #openNext(): Promise<boolean> {
    const segments = await listSegments(this.#directory);
    const current = this.#segment?.base ?? -1;
    const later = segments.filter(({ base }) => base > current);
    const holding = later.findLast(({ base }) => base <= this.#position);
    const next = (this.#segment ? undefined : holding) ?? later[0];
    if (!next) return false;
    await this.#countSkipped();
    await this.close();
    this.#segment = next;
    this.#handle = await open(next.file, "r");
    this.#position = Math.max(this.#position, next.base);
    this.#bytes = Buffer.alloc(0);
    this.#offset = 0;
    return true;
  }
}
