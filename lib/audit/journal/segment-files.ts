import { closeSync, ftruncateSync, rmSync, truncateSync } from "node:fs";
import { rm } from "node:fs/promises";
import { RoomAhead } from "./room-ahead.ts";
import { createSegment, type OpenSegment, requireInPlace, syncDirectory, writeFully } from "./segment.ts";

interface KnownSegment {
  file: string;
  base: number;
  end: number;
}

/** A segment that takes no more bytes, but has some that are not flushed. */
interface RetiredSegment {
  fd: number;
  end: number;
}

/** The files of a journal that is being written: the one that takes bytes, and the older ones, until PostgreSQL has what is in them. */
export class SegmentFiles {
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #segments: KnownSegment[] = [];
  #current: OpenSegment | null = null;
  #room: RoomAhead | null = null;
  #retired: RetiredSegment[] = [];

  constructor(directory: string, segmentBytes: number) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  /** Bytes of all of them, without the room that the last one has ahead. */
  get bytes(): number {
    return this.#segments.reduce((sum, { base, end }) => sum + end - base, 0);
  }

  /** Whether the next bytes belong in another one. */
  get isCurrentFull(): boolean {
    const last = this.#segments.at(-1);
    return !this.#current || !last || last.end - last.base >= this.#segmentBytes;
  }

  /** Starts the next one, whose first byte has position `base`; answers its descriptor. */
  start(base: number): number {
    this.retire();
    this.#current = createSegment(this.#directory, base);
    this.#room = new RoomAhead(this.#current.fd, this.#directory, this.#segmentBytes);
    this.#segments.push({ file: this.#current.file, base, end: base });
    return this.#current.fd;
  }

  /** Whether bytes go to this descriptor's file. */
  isCurrent(fd: number): boolean {
    return this.#current?.fd === fd;
  }

  /** Appends bytes. @throws {SegmentTakenError} where the file has lost its name: it takes writes as before, and nobody will read them. */
  write(bytes: Buffer): void {
    const last = this.#segments.at(-1);
    if (!this.#current || !last) throw new Error("the journal has no segment to write to");
    writeFully(this.#current.fd, bytes, last.end - last.base);
    requireInPlace(this.#current);
    last.end += bytes.length;
    this.#room?.keepAhead(last.end - last.base);
  }

  /**
   * Ends the current one; what of it is not flushed, still can be. After a write that failed too: its state is unknown, so it is not written to again, and
   * what the write left is cut off, lest a refused call be read back as one that was taken. `cut`: false leaves it as it is.
   */
  retire({ cut = true } = {}): void {
    const current = this.#current;
    const last = this.#segments.at(-1);
    this.#current = null;
    this.#room = null;
    if (!current || !last) return;
    this.#retired.push({ fd: current.fd, end: last.end });
    if (cut) ftruncateSync(current.fd, last.end - last.base);
  }

  /** Closes what has been flushed with something that came after it, which `position` tells: the flush thread looks at it no more. */
  closeBefore(position: number): void {
    while (this.#retired[0] && this.#retired[0].end < position) closeSync(this.#retired.shift()!.fd);
  }

  /** Ends the current one and takes back all that stands after `position`, which could not be flushed. */
  cutBack(position: number): void {
    this.retire({ cut: false });
    this.close();
    for (const segment of this.#segments.filter(({ end }) => end > position).reverse()) {
      if (segment.base < position) {
        truncateSync(segment.file, position - segment.base);
        segment.end = position;
      } else {
        rmSync(segment.file, { force: true });
        this.#segments.splice(this.#segments.indexOf(segment), 1);
      }
    }
  }

  /** Takes back a segment that was just started and did not take its first bytes, unless `cutBack` has done so. */
  discardCurrent(): void {
    if (!this.#current) return;
    const last = this.#segments.pop();
    closeSync(this.#current.fd);
    this.#current = null;
    this.#room = null;
    if (last) rmSync(last.file, { force: true });
  }

  /** The oldest one that no byte is written to any more, where it ends at `position` or before. */
  oldestUpTo(position: number): { end: number } | null {
    const oldest = this.#segments[0];
    if (!oldest || oldest.end > position || (this.#current && this.#segments.length === 1)) return null;
    return oldest;
  }

  async deleteOldest(): Promise<void> {
    await rm(this.#segments[0]!.file, { force: true });
    this.#segments.shift();
  }

  /** Makes it last that files are gone. */
  sync(): Promise<void> {
    return syncDirectory(this.#directory);
  }

  /** Closes the files. Nothing of them is flushed after it. */
  close(): void {
    this.retire();
    for (const { fd } of this.#retired.splice(0)) closeSync(fd);
  }
}
