import { statfsSync, writeSync } from "node:fs";

/** So much is made ready at a time. */
const STEP_BYTES = 512 * 1024;
/** On a volume with less, segments grow as they are written: the room is for what counts. */
const ROOMY_BYTES = 64 * 2 ** 20;
const ZEROS = Buffer.alloc(STEP_BYTES);

/**
 * Zeros ahead of what a segment has: a flush then has the data alone to write. Where it also changes the size of the file or where its blocks are, the
 * file system's own journal has to be flushed with it, and with that what others wrote: twice the time, or a hundred times. A reader takes the
 * zeros for the end of the segment.
 */
export class RoomAhead {
  readonly #fd: number;
  readonly #limit: number;
  /** Bytes of the file that have their blocks. */
  #ready = 0;

  /** `limit`: bytes that the segment gets about. */
  constructor(fd: number, directory: string, limit: number) {
    this.#fd = fd;
    const { bavail, bsize } = statfsSync(directory);
    this.#limit = bavail * bsize >= ROOMY_BYTES ? limit : 0;
  }

  /** Makes more room where there is little after `end`, the bytes that the file has. */
  keepAhead(end: number): void {
    if (this.#ready >= this.#limit || this.#ready - end > STEP_BYTES / 4) return;
    const from = Math.max(this.#ready, end);
    const bytes = Math.min(STEP_BYTES, this.#limit - from);
    try {
      if (bytes > 0) this.#ready = from + writeSync(this.#fd, ZEROS, 0, bytes, from);
      else this.#ready = this.#limit;
    } catch {
      // It only makes the next flushes slower; what is wrong with the file, the next write or flush says.
      this.#ready = this.#limit;
    }
  }
}
