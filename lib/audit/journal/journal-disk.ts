import { fdatasync } from "node:fs";
import { promisify } from "node:util";
import { log } from "../../log.ts";
import { failureOf } from "./failure-reason.ts";
import { encodeFrame, FRAME_TYPE } from "./frame.ts";
import { isOutOfRoom, Reserve } from "./reserve.ts";
import { SegmentFiles } from "./segment-files.ts";

export interface JournalDiskOptions {
  directory: string;
  /** Makes the directory where it is not made yet. */
  prepare?: () => Promise<void>;
  /** Bytes from which on a segment is followed by another. */
  segmentBytes: number;
  /** Bytes go to another file from now on. */
  onSegment: (fd: number) => void;
  /** The volume is full: what is left is kept for calls under way. */
  onCramped: () => void;
}

const PROBE = Buffer.alloc(4_096);
const flushed = promisify(fdatasync);

/** Where a journal's bytes go: its segments, one behind the other, and the room that is kept for when their volume is full. */
export class JournalDisk {
  readonly files: SegmentFiles;
  readonly #options: JournalDiskOptions;
  readonly #reserve: Reserve;
  #end = 0;
  #cramped: string | null = null;

  constructor(options: JournalDiskOptions) {
    this.#options = options;
    this.files = new SegmentFiles(options.directory, options.segmentBytes);
    this.#reserve = new Reserve(options.directory);
  }

  /** Position that the next byte gets. */
  get end(): number {
    return this.#end;
  }

  /** Why only outcomes are taken; null where calls are too. */
  get cramped(): string | null {
    return this.#cramped;
  }

  async open(): Promise<void> {
    await this.#options.prepare?.();
    this.#startSegment();
  }

  /**
   * Appends bytes. On a full volume what was taken is written all the same, in the room of the reserve; calls are taken when that is back.
   * Throws where that fails: no position that the bytes might have got is given to others.
   */
  write(bytes: Buffer): void {
    try {
      this.#append(bytes);
    } catch (error) {
      if (!isOutOfRoom(error) || !this.#reserve.held) throw error;
      this.#writeOnReserve(bytes, error as Error);
    }
  }

  #writeOnReserve(bytes: Buffer, error: Error): void {
    this.#cramped = failureOf(error);
    log.error({ err: error }, "audit journal: its volume is full; calls are refused");
    this.files.retire();
    this.#reserve.spend();
    this.#options.onCramped();
    this.#append(bytes);
  }

  #append(bytes: Buffer): void {
    try {
      if (this.files.isCurrentFull) this.#startSegment();
      this.files.write(bytes);
    } finally {
      // Also where it failed: what it left may not be cut off.
      this.#end += bytes.length;
    }
  }

  #startSegment(): void {
    this.#options.onSegment(this.files.start(this.#end));
  }

  /** Begins anew after a failure, once the disk has taken a whole block. */
  async reopen(): Promise<void> {
    const probe = encodeFrame(FRAME_TYPE.padding, PROBE);
    await this.#options.prepare?.();
    const fd = this.files.start(this.#end);
    try {
      this.files.write(probe);
      await flushed(fd);
      if (!this.files.isCurrent(fd)) throw new Error("another flush failed meanwhile");
    } catch (error) {
      this.files.discardCurrent();
      throw error;
    }
    this.#end += probe.length;
    this.#options.onSegment(fd);
  }

  /** Takes the reserve back where it was spent, and with it calls. */
  async fillReserve(): Promise<void> {
    try {
      await this.#reserve.fill();
      if (this.#cramped) log.info("audit journal: there is room again; calls are taken");
      this.#cramped = null;
    } catch (error) {
      this.#cramped = failureOf(error as Error);
    }
  }

  close(): void {
    this.files.close();
    this.#reserve.spend();
  }
}
