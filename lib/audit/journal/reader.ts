import { type FileHandle, open } from "node:fs/promises";
import { decodeFrame, type Frame, HEADER_BYTES, MAX_PAYLOAD_BYTES, mayBeFrame } from "./frame.ts";
import { listSegments, type Segment } from "./segment.ts";

export interface PositionedFrame extends Frame {
  /** Position of the byte after the frame. */
  end: number;
}

const CHUNK_BYTES = 262_144;
/** What a disk has where it was given room and no bytes: no entry has so many zeros. */
const UNWRITTEN_SECTOR = Buffer.alloc(512);

/**
 * Reads the frames of a journal in order, from a position, while it grows. A segment ends at its last whole frame: what follows was torn
 * by a crash or a full disk, or is room that nothing was written to, and the next segment goes on. What is no frame and stands before one was damaged after
 * it was written: it is passed over and counted. But where it has whole sectors of zeros, it never got to the disk before its machine stopped.
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

  /** Bytes that are no whole frame and never were. After a crash there can be a few. */
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
      const frame = this.#take(limit);
      if (typeof frame !== "string") return frame;
      if (frame === "incomplete" && (await this.#readMore(limit))) continue;
      if (await this.#passDamage(limit)) continue;
      if (!(await this.#openNext())) return null;
    }
    return null;
  }

  /** The next frame where it is in memory already, so that nobody waits for it; null where `next` must look, or there is none. */
  nextAtHand(limit: number): PositionedFrame | null {
    const frame = this.#position < limit ? this.#take(limit) : null;
    return typeof frame === "string" ? null : frame;
  }

  /** The frame at the position, null where it ends beyond `limit`; or why the bytes in memory have none. */
  #take(limit: number): PositionedFrame | null | "incomplete" | "torn" {
    const frame = decodeFrame(this.#bytes, this.#offset);
    if (typeof frame === "string") return frame;
    const { type, version, payload, length } = frame;
    const end = this.#position + length;
    if (end > limit) return null;
    this.#offset += length;
    this.#position = end;
    return { type, version, payload, length, end };
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
  }

  /** Nothing after `limit`, which may still be written: it would be taken for what it is now. */
  async #readMore(limit: number): Promise<boolean> {
    if (!this.#handle || !this.#segment) return false;
    const rest = this.#bytes.subarray(this.#offset);
    const readable = limit - this.#position - rest.length;
    if (readable <= 0) return false;
    const wanted = Math.min(readable, Math.max(CHUNK_BYTES, this.#missingBytes(rest)));
    const bytes = Buffer.allocUnsafeSlow(rest.length + wanted);
    const at = this.#position - this.#segment.base + rest.length;
    const { bytesRead } = await this.#handle.read(bytes, rest.length, wanted, at);
    if (bytesRead === 0) return false;
    rest.copy(bytes);
    this.#bytes = bytes.subarray(0, rest.length + bytesRead);
    this.#offset = 0;
    return true;
  }

  /** Goes to the next frame of the segment, where there is one before `limit`. */
  async #passDamage(limit: number): Promise<boolean> {
    // Nothing is left: the segment ends with its last frame, or the journal is still growing.
    if (this.#bytes.length === this.#offset) return false;
    while (await this.#readMore(limit));
    const last = Math.min(this.#bytes.length, this.#offset + limit - this.#position);
    for (let offset = this.#offset + 1; offset + HEADER_BYTES <= last; offset++) {
      if (!mayBeFrame(this.#bytes, offset) || typeof decodeFrame(this.#bytes, offset) === "string") continue;
      const passed = this.#bytes.subarray(this.#offset, offset);
      if (passed.includes(UNWRITTEN_SECTOR)) this.#skippedBytes += passed.length;
      else this.#damagedBytes += passed.length;
      this.#position += passed.length;
      this.#offset = offset;
      return true;
    }
    return false;
  }

  /** The rest of a segment was read to look for frames; the zeros that it ends with are room that nothing was written to. */
  #countSkipped(): void {
    let end = this.#bytes.length;
    while (end > this.#offset && this.#bytes[end - 1] === 0) end -= 1;
    this.#skippedBytes += end - this.#offset;
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
    this.#countSkipped();
    await this.close();
    this.#segment = next;
    this.#handle = await open(next.file, "r");
    this.#position = Math.max(this.#position, next.base);
    this.#bytes = Buffer.alloc(0);
    this.#offset = 0;
    return true;
  }
}
