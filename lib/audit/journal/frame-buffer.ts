import { type FrameType, roomForFrame, writeFrame } from "./frame.ts";

/** Holds the frames of some hundred calls. */
const CHUNK_BYTES = 256 * 1024;
/** Chunks that are kept to be written to again. */
const MAX_FREE = 4;

/** Memory that frames are encoded into; `turns` of them are not on the disk yet. */
export interface Chunk {
  bytes: Buffer;
  turns: number;
}

/** Encodes frames one behind the other, so that those of one turn are one stretch of memory, and uses memory again whose frames are on the disk. */
export class FrameBuffer {
  #chunk: Chunk = newChunk(CHUNK_BYTES);
  /** Where the turn that is gathering begins, and where its next frame does. */
  #start = 0;
  #end = 0;
  #free: Chunk[] = [];

  /** Bytes of the turn that is gathering. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Throws where the payload is longer than a frame takes; nothing is added then. */
  add(type: FrameType, payload: string): void {
    this.#makeRoom(roomForFrame(payload));
    this.#end += writeFrame(this.#chunk.bytes, this.#end, type, payload);
  }

  addEncoded(frame: Buffer): void {
    this.#makeRoom(frame.length);
    this.#end += frame.copy(this.#chunk.bytes, this.#end);
  }

  /** The turn's bytes, and the memory that they are in until `release`. */
  take(): { bytes: Buffer; chunk: Chunk } {
    const bytes = this.#chunk.bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    this.#chunk.turns += 1;
    return { bytes, chunk: this.#chunk };
  }

  release(chunk: Chunk): void {
    chunk.turns -= 1;
    if (chunk.turns > 0) return;
    if (chunk === this.#chunk) this.#rewind();
    else if (chunk.bytes.length === CHUNK_BYTES && this.#free.length < MAX_FREE) this.#free.push(chunk);
  }

  #rewind(): void {
    if (this.length > 0) return;
    this.#start = 0;
    this.#end = 0;
  }

  /** Moves what the turn has so far to another chunk where this one ends. */
  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#chunk.bytes.length) return;
    const before = this.#chunk;
    const gathered = before.bytes.subarray(this.#start, this.#end);
    const needed = gathered.length + bytes;
    this.#chunk = (needed <= CHUNK_BYTES ? this.#free.pop() : undefined) ?? newChunk(needed);
    gathered.copy(this.#chunk.bytes);
    this.#start = 0;
    this.#end = gathered.length;
    // Where nothing of it waits for the disk it is free at once.
    before.turns += 1;
    this.release(before);
  }
}

/** A large turn gets twice what it needs, so that it is not moved with every frame. */
function newChunk(needed: number): Chunk {
  const bytes = needed <= CHUNK_BYTES ? CHUNK_BYTES : needed * 2;
  return { bytes: Buffer.allocUnsafeSlow(bytes), turns: 0 };
}
