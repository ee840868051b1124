import { log } from "../../log.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { failureOf } from "./failure-reason.ts";
import { encodeFrame, FRAME_TYPE, type FrameType, typeOfFrame } from "./frame.ts";
import { HeldIntents } from "./held-intents.ts";
import type { JournalOptions } from "./journal-options.ts";
import { closesIntent } from "./open-intents.ts";
import { type PendingFrame, PendingFrames } from "./pending-frames.ts";
import { isOutOfRoom, Reserve } from "./reserve.ts";
import { SegmentTakenError } from "./segment.ts";
import { SegmentFiles } from "./segment-files.ts";
import { SizeLimit } from "./size-limit.ts";
import { type UnwrittenFrame, UnwrittenFrames } from "./unwritten.ts";

type Admission = { admitted: true } | { admitted: false; reason: string };

const SEGMENT_BYTES = 16 * 2 ** 20;
const RETRY_MS = 1_000;
const PROBE = Buffer.alloc(4_096);

/**
 * An append-only journal in segment files. Entries that come while a write is under way go together in the next one (group commit), so
 * that one disk flush serves many calls. Intents stay open over any number of segments until their call's entry closes them.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segmentBytes: number;
  readonly #intents = new HeldIntents();
  readonly #reserve: Reserve;
  readonly #files: SegmentFiles;
  readonly #limit: SizeLimit;
  readonly #pending = new PendingFrames();
  readonly #unwritten = new UnwrittenFrames();
  #writing: Promise<void> | null = null;
  #releasing: Promise<void> = Promise.resolve();
  /** Position that the next frame gets, and the position up to which frames are durable. */
  #end = 0;
  #durable = 0;
  #entriesEnd = 0;
  #frames = 0;
  #entries = 0;
  /** Up to where PostgreSQL has what the journal has. */
  #released = 0;
  /** Why nothing can be written, and why only outcomes are: no call is taken then. */
  #failure: string | null = null;
  #cramped: string | null = null;
  /** Another process has taken the journal's files: nothing is written any more. */
  #taken = false;
  #retrying: NodeJS.Timeout | null = null;
  /** What is done about a failure, one step after the other. */
  #mending: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(options: JournalOptions) {
    this.#options = options;
    const { directory, prepare, durability } = options;
    this.#files = new SegmentFiles({ directory, prepare, durable: durability === "strict" });
    this.#reserve = new Reserve(directory);
    this.#limit = new SizeLimit(options.maxBytes);
    this.#segmentBytes = Math.min(SEGMENT_BYTES, Math.ceil(options.maxBytes / 8));
  }

  /** Opens it also on a full volume: it takes no calls until there is room. Throws on every other fault. */
  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    try {
      await journal.#files.start(0);
    } catch (error) {
      if (!isOutOfRoom(error)) throw error;
      journal.#failure = failureOf(error as Error);
    }
    if (!journal.#failure) await journal.#fillReserve();
    journal.#retryLater();
    return journal;
  }

  /** Whether calls may be taken: not while the disk fails, nor while the journal or its volume is full. */
  admission(): Admission {
    const bytes = this.bytes + (this.#options.otherBytes?.() ?? 0);
    const reason = this.#failure ?? this.#cramped ?? this.#limit.reasonAt(bytes);
    return reason === null ? { admitted: true } : { admitted: false, reason };
  }

  /** Bytes of all segments on the disk. */
  get bytes(): number {
    return this.#files.bytes;
  }

  /** Up to where its entries are durable. */
  get durablePosition(): number {
    return this.#entriesEnd;
  }

  get openIntents(): number {
    return this.#intents.size;
  }

  /** Resolves with the position after the intent when it is durable. */
  async appendIntent(entry: KubeRequestEntry): Promise<number> {
    const payload = JSON.stringify(entry);
    const appended = this.#append({ type: FRAME_TYPE.intent, payload });
    this.#intents.add(entry.callId, { position: this.#end, payload });
    try {
      return await appended;
    } catch (error) {
      // The call is refused: there is nothing to close.
      this.#intents.remove(entry.callId);
      throw error;
    }
  }

  /** Resolves with the position after the entry when it is durable. Closes the intent of its call. */
  appendEntry(entry: KubeRequestEntry): Promise<number> {
    const closing = closesIntent(entry) && this.#intents.beginClosing(entry.callId);
    const type = closing ? FRAME_TYPE.closing : FRAME_TYPE.entry;
    return this.#append({ type, payload: JSON.stringify(entry), closes: closing ? entry.callId : null });
  }

  /** Deletes segments whose entries are all in the database. Intents in them that are still open are written again first. */
  releaseUpTo(position: number): Promise<void> {
    this.#released = Math.max(this.#released, position);
    this.#releasing = this.#releasing
      .then(() => this.#release())
      // The segments stay; the next release tries again. While the disk fails that is said once, with the failure.
      .catch((error: Error) => {
        if (!this.#failure) log.warn({ err: error }, "audit journal: segments could not be deleted");
      });
    return this.#releasing;
  }

  /** Resolves when nothing is pending. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Writes what is pending and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retrying) clearTimeout(this.#retrying);
    await this.#mending;
    await this.#releasing;
    await this.settled();
    await this.#files.close();
    await this.#reserve.spend();
  }

  /** Outcomes that wait in memory for the disk. */
  get unwritten(): number {
    return this.#unwritten.size;
  }

  #append(frame: { type: FrameType; payload: string; closes?: string | null }): Promise<number> {
    if (this.#closed) return Promise.reject(new Error("the audit journal is closed"));
    const unwritten = { bytes: encodeFrame(frame.type, frame.payload), closes: frame.closes ?? null };
    if (this.#failure) {
      this.#keepUnwritten(unwritten);
      return Promise.reject(new Error(this.#failure));
    }
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#enqueue(unwritten, { resolve, reject });
    return promise;
  }

  #enqueue(frame: UnwrittenFrame, waiter: PendingFrame["waiter"]): void {
    this.#end += frame.bytes.length;
    this.#pending.add({ ...frame, end: this.#end, waiter });
    this.#writing ??= this.#writePending();
  }

  /** Outcomes that the disk did not take are written when it does. An intent whose outcome is lost stays open: the next start says so. */
  #keepUnwritten({ bytes, closes }: UnwrittenFrame): void {
    if (typeOfFrame(bytes) === FRAME_TYPE.intent) return;
    if (!this.#unwritten.keep({ bytes, closes })) this.#options.onLost?.();
  }

  async #writePending(): Promise<void> {
    while (this.#pending.size > 0) {
      const group = await this.#pending.takeGroup();
      try {
        await this.#writeOnReserve(group);
      } catch (error) {
        this.#fail(error as Error, group);
        break;
      }
      for (const { end, closes, waiter } of group) {
        if (closes !== null) this.#intents.remove(closes);
        waiter.resolve(end);
      }
    }
    // In the same turn as the look at what is pending: whoever appends next must start a write.
    this.#writing = null;
  }

  /** On a full volume what was taken is written all the same, in the room of the reserve; calls are taken when that is back. */
  async #writeOnReserve(group: PendingFrame[]): Promise<void> {
    try {
      return await this.#writeGroup(group);
    } catch (error) {
      if (!isOutOfRoom(error) || !this.#reserve.held) throw error;
      this.#cramped = failureOf(error as Error);
      log.error({ err: error }, "audit journal: its volume is full; calls are refused");
    }
    await this.#files.abandon({ cut: true });
    await this.#reserve.spend();
    await this.#files.start(this.#end);
    const skipped = this.#end - this.#durable;
    this.#durable = this.#end;
    this.#end += skipped;
    for (const frame of group) frame.end += skipped;
    this.#pending.shift(skipped);
    this.#retryLater();
    await this.#writeGroup(group);
  }

  async #writeGroup(group: PendingFrame[]): Promise<void> {
    if (this.#files.currentBytes >= this.#segmentBytes) await this.#files.start(this.#durable);
    await this.#files.write(Buffer.concat(group.map(({ bytes }) => bytes)));
    this.#durable = group.at(-1)!.end;
    this.#entriesEnd = this.#durable;
    this.#frames += group.length;
    this.#entries += group.filter(({ bytes }) => typeOfFrame(bytes) !== FRAME_TYPE.intent).length;
    this.#options.onDurable?.({ position: this.#durable, frames: this.#frames, entries: this.#entries });
  }

  /** Nothing that was pending is durable. After a failed write the file's state is unknown, so it is not written to again. */
  #fail(error: Error, group: PendingFrame[]): void {
    this.#taken ||= error instanceof SegmentTakenError;
    this.#failure = failureOf(error);
    const failure = new Error(this.#failure, { cause: error });
    for (const frame of [...group, ...this.#pending.takeAll()]) {
      this.#keepUnwritten(frame);
      frame.waiter.reject(failure);
    }
    log.error({ err: error }, "audit journal: it cannot be written; calls are refused");
    this.#mending = this.#mending.then(() => this.#recover());
  }

  async #recover(): Promise<void> {
    try {
      // What another process has taken is that one's.
      await this.#files.abandon({ cut: !this.#taken });
    } catch (reason) {
      log.warn({ err: reason }, "audit journal: a failed write could not be cut off");
    }
    this.#retryLater();
  }

  /** Until nothing is wrong any more. */
  #retryLater(): void {
    if (this.#closed || this.#taken || this.#retrying || !(this.#failure ?? this.#cramped)) return;
    this.#retrying = setTimeout(() => {
      this.#retrying = null;
      this.#mending = this.#mending.then(() => this.#retry()).then(() => this.#retryLater());
    }, RETRY_MS);
    this.#retrying.unref();
  }

  /** Makes room, then takes entries again, and calls once the reserve is back. */
  async #retry(): Promise<void> {
    if (this.#closed) return;
    await this.releaseUpTo(this.#released);
    try {
      if (this.#failure) await this.#reopen();
    } catch (error) {
      this.#failure = failureOf(error as Error);
      return;
    }
    await this.#fillReserve();
  }

  async #fillReserve(): Promise<void> {
    try {
      await this.#reserve.fill();
      if (this.#cramped) log.info("audit journal: there is room again; calls are taken");
      this.#cramped = null;
    } catch (error) {
      this.#cramped = failureOf(error as Error);
    }
  }

  /** Takes entries again once the disk has taken a whole block. */
  async #reopen(): Promise<void> {
    const probe = encodeFrame(FRAME_TYPE.padding, PROBE);
    await this.#files.start(this.#end);
    try {
      await this.#files.write(probe);
    } catch (error) {
      await this.#files.discardCurrent();
      throw error;
    }
    this.#end += probe.length;
    this.#durable = this.#end;
    this.#failure = null;
    const ignore = { resolve: () => undefined, reject: () => undefined };
    for (const frame of this.#unwritten.takeAll()) this.#enqueue(frame, ignore);
  }

  async #release(): Promise<void> {
    const carry = (payload: string) => this.#append({ type: FRAME_TYPE.intent, payload });
    let removed = false;
    while (!this.#closed && !this.#taken) {
      const oldest = this.#files.oldestUpTo(this.#released);
      if (!oldest || !(await this.#intents.carryBeyond(oldest.end, carry))) break;
      await this.#files.deleteOldest();
      removed = true;
    }
    if (removed) await this.#files.sync();
  }
}
