import { rm } from "node:fs/promises";
import { createSegment, requireInPlace, syncDirectory, writeFully } from "./segment.ts";

export interface SegmentFilesOptions {
  directory: string;
  /** Makes the directory where it is not made yet; called again until it succeeds. */
  prepare?: () => Promise<void>;
  /** A write returns when its bytes are on the disk. */
  durable: boolean;
}

interface KnownSegment {
  file: string;
  base: number;
  end: number;
}

/** The files of a journal that is being written: the one that takes bytes, and the older ones, until PostgreSQL has what is in them. */
export class SegmentFiles {
  readonly #options: SegmentFilesOptions;
  readonly #segments: KnownSegment[] = [];
  #current: Awaited<ReturnType<typeof createSegment>> | null = null;

  constructor(options: SegmentFilesOptions) {
    this.#options = options;
  }

  /** Bytes of all of them on the disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { base, end }) => sum + end - base, 0);
  }

  /** Bytes in the one that takes bytes. */
  get currentBytes(): number {
    const last = this.#segments.at(-1);
    return this.#current && last ? last.end - last.base : 0;
  }

  /** Starts the next one, whose first byte has position `base`. */
  async start(base: number): Promise<void> {
    await this.close();
    await this.#options.prepare?.();
    this.#current = await createSegment(this.#options.directory, base, { durable: this.#options.durable });
    this.#segments.push({ file: this.#current.file, base, end: base });
  }

  /** Appends bytes. @throws {SegmentTakenError} where the file has lost its name: it takes writes as before, and nobody will read them. */
  async write(bytes: Buffer): Promise<void> {
    if (!this.#current) throw new Error("the journal has no segment to write to");
    await writeFully(this.#current.handle, bytes);
    await requireInPlace(this.#current);
    this.#segments.at(-1)!.end += bytes.length;
  }

  /**
   * Ends the current one after a write that failed: its state is unknown, so it is not written to again. `cut`: what the write left is cut off, lest a refused
   * call be read back as one that was taken.
   */
  async abandon({ cut }: { cut: boolean }): Promise<void> {
    const broken = this.#current;
    const last = this.#segments.at(-1);
    this.#current = null;
    if (!broken || !last) return;
    try {
      if (cut) await broken.handle.truncate(last.end - last.base);
    } finally {
      await broken.handle.close();
    }
  }

  /** Takes back a segment that was just started and did not take its first bytes. */
  async discardCurrent(): Promise<void> {
    await this.close();
    const last = this.#segments.pop();
    if (last) await rm(last.file, { force: true });
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
  async sync(): Promise<void> {
    if (this.#options.durable) await syncDirectory(this.#options.directory);
  }

  async close(): Promise<void> {
    await this.#current?.handle.close();
    this.#current = null;
  }
}
