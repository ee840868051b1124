import { rm } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { log } from "../../log.ts";
import type { KubeRequestEntry } from "../entry.ts";
import { encodeFrame, FRAME_TYPE, type FrameType, typeOfFrame } from "./frame.ts";
import { closesIntent } from "./open-intents.ts";
import { createSegment, syncDirectory, writeFully } from "./segment.ts";

export interface JournalOptions {
  directory: string;
  /** strict: an entry is on the disk when its promise resolves; relaxed: it is with the operating system. */
  durability: "strict" | "relaxed";
  /** Bytes on the disk from which on `admission` refuses. */
  maxBytes: number;
  /** Bytes of journals of earlier starts that are on the disk besides. */
  otherBytes?: () => number;
  /** Called after each write with what is durable now: the position, and the frames since the journal was opened. */
  onDurable?: (durable: { position: number; frames: number }) => void;
}

type Admission = { admitted: true } | { admitted: false; reason: string };
type OpenSegment = Awaited<ReturnType<typeof createSegment>>;

interface Waiter {
  resolve(position: number): void;
  reject(error: Error): void;
}

interface PendingFrame {
  bytes: Buffer;
  /** Position of the byte after it. */
  end: number;
  waiter: Waiter;
}

interface OpenIntent {
  position: number;
  payload: string;
}

const SEGMENT_BYTES = 16 * 2 ** 20;
/** What may wait for one write at most, so that one write does not grow without bound. */
const MAX_GROUP_BYTES = 4 * 2 ** 20;
/** Turns of the event loop that a group may gather for at most. */
const MAX_GATHERING_TURNS = 8;
/** Outcomes that are kept in memory while the disk fails; calls are refused, so there are few. */
const MAX_UNWRITTEN = 10_000;
const RETRY_MS = 1_000;
/** Room is said to be there again below this share of `maxBytes`, so that admission does not flutter. */
const REOPEN_SHARE = 0.9;
const PROBE = Buffer.alloc(4_096);

/**
 * An append-only journal in segment files. Entries that come while a write is under way go together in the next one (group commit), so
 * that one disk flush serves many calls. Intents stay open over any number of segments until their call's entry closes them.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segmentBytes: number;
  readonly #intents = new Map<string, OpenIntent>();
  #segments: { file: string; base: number; end: number }[] = [];
  #current: OpenSegment | null = null;
  #pending: PendingFrame[] = [];
  readonly #unwritten: Buffer[] = [];
  #writing: Promise<void> | null = null;
  #releasing: Promise<void> = Promise.resolve();
  /** Position that the next frame gets, and the position up to which frames are durable. */
  #end = 0;
  #durable = 0;
  #frames = 0;
  #full = false;
  #failure: string | null = null;
  #closed = false;

  private constructor(options: JournalOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(SEGMENT_BYTES, Math.ceil(options.maxBytes / 8));
  }

  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    await journal.#openSegment();
    return journal;
  }

  /** Whether calls may be taken: not while the disk fails, nor while the journal is full. */
  admission(): Admission {
    if (this.#failure) return { admitted: false, reason: this.#failure };
    const bytes = this.bytes + (this.#options.otherBytes?.() ?? 0);
    const limit = this.#options.maxBytes * (this.#full ? REOPEN_SHARE : 1);
    this.#full = bytes >= limit;
    if (!this.#full) return { admitted: true };
    const size = `${(bytes / 2 ** 20).toFixed(1)} MiB of audit.journal.max_bytes ${this.#options.maxBytes}`;
    const reason = `the audit journal is full (${size}): calls are taken again when PostgreSQL has taken its entries`;
    return { admitted: false, reason };
  }

  /** Bytes of all segments on the disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { base, end }) => sum + end - base, 0);
  }

  get durablePosition(): number {
    return this.#durable;
  }

  get openIntents(): number {
    return this.#intents.size;
  }

  /** Resolves with the position after the intent when it is durable. */
  async appendIntent(entry: KubeRequestEntry): Promise<number> {
    const payload = JSON.stringify(entry);
    const appended = this.#append(FRAME_TYPE.intent, payload);
    this.#intents.set(entry.callId, { position: this.#end, payload });
    try {
      return await appended;
    } catch (error) {
      // The call is refused: there is nothing to close.
      this.#intents.delete(entry.callId);
      throw error;
    }
  }

  /** Resolves with the position after the entry when it is durable. Closes the intent of its call. */
  appendEntry(entry: KubeRequestEntry): Promise<number> {
    const closing = closesIntent(entry) && this.#intents.has(entry.callId);
    const appended = this.#append(closing ? FRAME_TYPE.closing : FRAME_TYPE.entry, JSON.stringify(entry));
    if (closing) this.#intents.delete(entry.callId);
    return appended;
  }

  /** Deletes segments whose entries are all in the database. Intents in them that are still open are written again first. */
  releaseUpTo(position: number): Promise<void> {
    this.#releasing = this.#releasing
      .then(() => this.#release(position))
      // The segments stay; the next release tries again.
      .catch((error: Error) => log.warn({ err: error }, "audit journal: segments could not be deleted"));
    return this.#releasing;
  }

  /** Resolves when nothing is pending. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Writes what is pending and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#releasing;
    await this.settled();
    await this.#current?.handle.close();
    this.#current = null;
  }

  #append(type: FrameType, payload: string): Promise<number> {
    if (this.#closed) return Promise.reject(new Error("the audit journal is closed"));
    const bytes = encodeFrame(type, payload);
    if (this.#failure) {
      this.#keepUnwritten(bytes);
      return Promise.reject(new Error(this.#failure));
    }
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#enqueue(bytes, { resolve, reject });
    return promise;
  }

  #enqueue(bytes: Buffer, waiter: Waiter): void {
    this.#end += bytes.length;
    this.#pending.push({ bytes, end: this.#end, waiter });
    this.#writing ??= this.#writePending();
  }

  /** Outcomes that the disk did not take are written when it does: the calls failed, but they did happen. */
  #keepUnwritten(bytes: Buffer): void {
    if (typeOfFrame(bytes) !== FRAME_TYPE.intent && this.#unwritten.length < MAX_UNWRITTEN)
      this.#unwritten.push(bytes);
  }

  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#gatherGroup();
      const group = this.#takeGroup();
      try {
        await this.#writeGroup(group);
      } catch (error) {
        this.#fail(error as Error, group);
        break;
      }
      for (const { end, waiter } of group) waiter.resolve(end);
    }
    // In the same turn as the look at what is pending: whoever appends next must start a write.
    this.#writing = null;
  }

  /**
   * Waits for as long as each turn of the event loop brings more entries. A write costs as much whether it is for one call or for many, and
   * a turn takes microseconds where nothing comes.
   */
  async #gatherGroup(): Promise<void> {
    let before = 0;
    for (let turn = 0; turn < MAX_GATHERING_TURNS && this.#pending.length > before; turn++) {
      before = this.#pending.length;
      await setImmediate();
    }
  }

  #takeGroup(): PendingFrame[] {
    let bytes = 0;
    let count = 0;
    for (const frame of this.#pending) {
      bytes += frame.bytes.length;
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
      count += 1;
    }
    return this.#pending.splice(0, count);
  }

  async #writeGroup(group: PendingFrame[]): Promise<void> {
    const segment = this.#segments.at(-1)!;
    if (segment.end - segment.base >= this.#segmentBytes) await this.#rotate();
    await writeFully(this.#current!.handle, Buffer.concat(group.map(({ bytes }) => bytes)));
    this.#durable = group.at(-1)!.end;
    this.#segments.at(-1)!.end = this.#durable;
    this.#frames += group.length;
    this.#options.onDurable?.({ position: this.#durable, frames: this.#frames });
  }

  async #rotate(): Promise<void> {
    await this.#current?.handle.close();
    this.#current = null;
    await this.#openSegment(this.#durable);
  }

  async #openSegment(base = this.#end): Promise<void> {
    const durable = this.#options.durability === "strict";
    this.#current = await createSegment(this.#options.directory, base, { durable });
    this.#segments.push({ file: this.#current.file, base, end: base });
  }

  /** Nothing that was pending is durable. After a failed write the file's state is unknown, so it is not written to again. */
  #fail(error: Error, group: PendingFrame[]): void {
    this.#failure = `the audit journal cannot be written (${error.message}): calls are taken again when the disk takes it`;
    const failure = new Error(this.#failure, { cause: error });
    for (const { bytes, waiter } of [...group, ...this.#pending]) {
      this.#keepUnwritten(bytes);
      waiter.reject(failure);
    }
    this.#pending = [];
    const broken = this.#current;
    this.#current = null;
    this.#abandon(broken)
      .catch((reason: Error) =>
        log.warn({ err: reason }, "audit journal: a failed write could not be cut off"),
      )
      .finally(() => this.#retryLater());
  }

  /** Cuts off what a failed write left, lest a refused call be read back as one that was taken. */
  async #abandon(broken: OpenSegment | null): Promise<void> {
    try {
      await broken?.handle.truncate(this.#durable - broken.base);
    } finally {
      await broken?.handle.close();
    }
  }

  #retryLater(): void {
    if (this.#closed) return;
    const timer = setTimeout(() => this.#reopen().catch(() => this.#retryLater()), RETRY_MS);
    timer.unref();
  }

  /** Takes entries again once the disk has taken a whole block. */
  async #reopen(): Promise<void> {
    const probe = encodeFrame(FRAME_TYPE.padding, PROBE);
    await this.#openSegment();
    try {
      await writeFully(this.#current!.handle, probe);
    } catch (error) {
      await this.#current!.handle.close();
      await rm(this.#segments.pop()!.file, { force: true });
      throw error;
    }
    this.#end += probe.length;
    this.#durable = this.#end;
    this.#segments.at(-1)!.end = this.#end;
    this.#failure = null;
    const ignore = { resolve: () => undefined, reject: () => undefined };
    for (const bytes of this.#unwritten.splice(0)) this.#enqueue(bytes, ignore);
  }

  async #release(position: number): Promise<void> {
    let removed = false;
    while (this.#segments.length > 1 && this.#segments[0]!.end <= position && !this.#closed) {
      const [segment] = this.#segments;
      await this.#carryIntents(segment!.end);
      await rm(segment!.file, { force: true });
      this.#segments.shift();
      removed = true;
    }
    if (removed && this.#options.durability === "strict") await syncDirectory(this.#options.directory);
  }

  async #carryIntents(end: number): Promise<void> {
    const carried: Promise<number>[] = [];
    for (const intent of this.#intents.values()) {
      if (intent.position > end) continue;
      carried.push(this.#append(FRAME_TYPE.intent, intent.payload));
      intent.position = this.#end;
    }
    await Promise.all(carried);
  }
}
