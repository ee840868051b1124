import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { entryText } from "../entry/entry-text.ts";
import { failureOf } from "./failure-reason.ts";
import { encodeFrame, FRAME_TYPE, type FrameType, typeOfFrame } from "./frame.ts";
import { FrameBuffer } from "./frame-buffer.ts";
import { type HeldIntent, HeldIntents } from "./held-intents.ts";
import { JournalDisk } from "./journal-disk.ts";
import type { JournalOptions } from "./journal-options.ts";
import { Mending } from "./mending.ts";
import { closesIntent } from "./open-intents.ts";
import { isOutOfRoom } from "./reserve.ts";
import { SegmentTakenError } from "./segment.ts";
import { SegmentRelease } from "./segment-release.ts";
import { SizeLimit } from "./size-limit.ts";
import { type Told, Turn, type TurnFrame, type Until } from "./turn.ts";
import { TurnQueue } from "./turn-queue.ts";
import { UnwrittenFrames } from "./unwritten.ts";

type Admission = { admitted: true } | { admitted: false; reason: string };

const SEGMENT_BYTES = 16 * 2 ** 20;

/**
 * An append-only journal in segment files. What comes in one turn of the event loop is written together, and a thread of its own flushes whatever is written
 * by then, so that one flush serves many calls and the event loop waits for none. Intents stay open over any number of segments until their
 * call's entry closes them.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #intents = new HeldIntents();
  readonly #disk: JournalDisk;
  readonly #limit: SizeLimit;
  readonly #buffer = new FrameBuffer();
  readonly #turns: TurnQueue;
  readonly #release: SegmentRelease;
  readonly #unwritten: UnwrittenFrames;
  #gathering: Turn;
  #scheduled: NodeJS.Immediate | null = null;
  /** Position up to which frames are durable. */
  #durable = 0;
  #frames = 0;
  #entries = 0;
  /** Why nothing can be written: no call is taken then. */
  #failure: string | null = null;
  /** Another process has taken the journal's files: nothing is written any more. */
  #taken = false;
  readonly #mending = new Mending({
    mend: () => this.#mend(),
    isNeeded: () => !this.#taken && (this.#failure ?? this.#disk.cramped) !== null,
  });
  #closed = false;

  private constructor(options: JournalOptions) {
    this.#options = options;
    const { directory, maxBytes } = options;
    this.#disk = new JournalDisk({
      directory,
      prepare: options.prepare,
      segmentBytes: Math.min(SEGMENT_BYTES, Math.ceil(maxBytes / 8)),
      onSegment: (fd) => this.#turns.cover(fd),
      onCramped: () => this.#mending.later(),
    });
    this.#limit = new SizeLimit(maxBytes);
    this.#unwritten = new UnwrittenFrames({ intents: this.#intents, onLost: options.onLost });
    this.#turns = new TurnQueue({
      directory,
      onFlushed: () => this.#noteFlushed(),
      onFailed: (error) => this.#flushFailed(error),
    });
    this.#release = new SegmentRelease({
      files: this.#disk.files,
      intents: this.#intents,
      carry: (intent) => this.#carry(intent),
      isStopped: () => this.#closed || this.#taken,
      onFailed: (error) => this.#releaseFailed(error),
    });
    this.#gathering = this.#newTurn();
  }

  /** Opens it also on a full volume: it takes no calls until there is room. Throws on every other fault. */
  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    try {
      await journal.#disk.open();
    } catch (error) {
      if (!isOutOfRoom(error)) throw error;
      journal.#failure = failureOf(error as Error);
    }
    if (!journal.#failure) await journal.#disk.fillReserve();
    journal.#mending.later();
    return journal;
  }

  /** Whether calls may be taken: not while the disk fails or does not keep up, nor while the journal or its volume is full. */
  admission(): Admission {
    const bytes = this.bytes + (this.#options.otherBytes?.() ?? 0);
    const reason = this.#failure ?? this.#disk.cramped ?? this.#turns.overdue ?? this.#limit.reasonAt(bytes);
    return reason === null ? { admitted: true } : { admitted: false, reason };
  }

  /** Bytes of all segments on the disk. */
  get bytes(): number {
    return this.#disk.files.bytes;
  }

  /** Up to where its entries are durable. */
  get durablePosition(): number {
    return this.#durable;
  }

  get openIntents(): number {
    return this.#intents.size;
  }

  /** Outcomes that wait in memory for the disk. */
  get unwritten(): number {
    return this.#unwritten.size;
  }

  /** Whether a call has an intent that nothing closed. */
  hasIntent(callId: string): boolean {
    return this.#intents.get(callId) !== null;
  }

  /** `isUrgent`: it is flushed at once. @throws where nothing can be written, with what `admission` says. */
  appendIntent(entry: KubeRequestEntry, { isUrgent }: { isUrgent: boolean }): HeldIntent {
    this.#requireOpen();
    if (this.#failure !== null) {
      this.#options.onRefused?.(1);
      throw new AppError("unavailable", this.#failure);
    }
    const payload = entryText(entry);
    const frame = this.#append(FRAME_TYPE.intent, payload);
    frame.intent = this.#intents.add(entry.callId, payload, this.#gathering);
    if (isUrgent) this.#gathering.urge();
    return frame.intent;
  }

  /** Closes the intent of its call. Without one, `intended` is `flushed`. @throws where the entry is too large. */
  appendEntry(entry: KubeRequestEntry, until: Until, told: Told): void {
    this.#requireOpen();
    const payload = entryText(entry);
    const intent = this.#intents.get(entry.callId);
    const closing = intent !== null && !intent.isClosing && closesIntent(entry) ? intent : null;
    const type = closing ? FRAME_TYPE.closing : FRAME_TYPE.entry;
    if (this.#failure !== null) {
      const bytes = encodeFrame(type, payload);
      // Before it is kept: where there is no room for it the intent is open again.
      if (closing) this.#intents.beginClosing(closing);
      this.#unwritten.keep({ bytes, closes: closing });
      this.#options.onRefused?.(1);
      told(new AppError("unavailable", this.#failure), this.#disk.end);
      return;
    }
    const frame = this.#append(type, payload);
    if (closing) this.#intents.beginClosing(closing);
    frame.intent = intent;
    frame.told = told;
    frame.until = until === "intended" && intent === null ? "flushed" : until;
    if (frame.until === "flushed") this.#gathering.watch();
  }

  /** Deletes segments whose entries are all in the database, which has what stands before `position`. */
  releaseUpTo(position: number): Promise<void> {
    return this.#release.upTo(position);
  }

  /** Resolves when nothing is pending. */
  async settled(): Promise<void> {
    for (;;) {
      const last = this.#gathering.frames.length > 0 ? this.#gathering : this.#turns.last;
      if (last === null) return;
      await new Promise<void>((resolve) => last.whenSettled(() => resolve()));
    }
  }

  /** Writes what is pending and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#mending.stop();
    await this.#release.again();
    await this.settled();
    await this.#turns.stop();
    this.#disk.close();
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error("the audit journal is closed");
  }

  #newTurn(): Turn {
    // One that is gathering is looked at when it is written.
    return new Turn((turn) => turn.number !== null && this.#turns.urge(turn));
  }

  #append(type: FrameType, payload: string | Buffer): TurnFrame {
    if (typeof payload === "string") this.#buffer.add(type, payload);
    else this.#buffer.addEncoded(payload);
    const frame: TurnFrame = { type, end: this.#buffer.length, intent: null, until: "written", told: null };
    this.#gathering.frames.push(frame);
    this.#scheduled ??= setImmediate(this.#writeTurn);
    return frame;
  }

  readonly #writeTurn = (): void => {
    this.#scheduled = null;
    this.#noteFlushed();
    const turn = this.#takeGathered();
    if (turn === null) return;
    try {
      this.#disk.write(turn.bytes!);
    } catch (error) {
      this.#writeFailed(error as Error, turn);
      return;
    }
    turn.end = this.#disk.end;
    turn.start = turn.end - turn.bytes!.length;
    this.#turns.add(turn);
    for (const frame of turn.frames) if (frame.told !== null) this.#wrote(turn, frame);
  };

  #takeGathered(): Turn | null {
    const turn = this.#gathering;
    if (turn.frames.length === 0) return null;
    this.#gathering = this.#newTurn();
    Object.assign(turn, this.#buffer.take());
    return turn;
  }

  /** Tells of an entry what need not wait for its flush. */
  #wrote(turn: Turn, frame: TurnFrame): void {
    const { until, intent } = frame;
    if (until === "written") turn.tell(frame, null);
    else if (until === "intended") intent!.whenDurable((error) => turn.tell(frame, error));
  }

  /** Looks how far the disk has come. */
  #noteFlushed(): void {
    const turns = this.#turns.takeFlushed();
    if (turns.length === 0) return;
    for (const turn of turns) this.#count(turn);
    this.#durable = turns.at(-1)!.end;
    this.#disk.files.closeBefore(this.#durable);
    this.#options.onDurable?.({ position: this.#durable, frames: this.#frames, entries: this.#entries });
    for (const turn of turns) turn.settle(null);
  }

  #count({ frames, chunk }: Turn): void {
    for (const { type, intent } of frames) {
      if (type === FRAME_TYPE.closing) this.#intents.close(intent!);
      else if (type === FRAME_TYPE.intent && intent !== null) intent.replaced = null;
      if (type !== FRAME_TYPE.intent) this.#entries += 1;
    }
    this.#frames += frames.length;
    this.#buffer.release(chunk!);
  }

  /** After a failed write the file's state is unknown, so it is not written to again. What was written before can still be flushed. */
  #writeFailed(error: Error, turn: Turn): void {
    this.#taken ||= error instanceof SegmentTakenError;
    // What another process has taken is that one's.
    this.#fail(error, [turn], () => this.#disk.files.retire({ cut: !this.#taken }));
  }

  /** After a failed flush nothing is known of what was written since the last one, whatever the next one says. */
  #flushFailed(error: Error): void {
    const gathered = this.#takeGathered();
    const turns = [...this.#turns.takeAll(), ...(gathered ? [gathered] : [])];
    this.#fail(error, turns, () => {
      if (!this.#taken) this.#disk.files.cutBack(this.#durable);
    });
  }

  #fail(error: Error, turns: Turn[], abandon: () => void): void {
    this.#failure = failureOf(error);
    log.error({ err: error }, "audit journal: it cannot be written; calls are refused");
    try {
      abandon();
    } catch (reason) {
      log.warn({ err: reason }, "audit journal: a failed write could not be cut off");
    }
    for (const turn of turns) {
      this.#unwritten.keepOutcomes(turn);
      this.#options.onRefused?.(turn.frames.length);
      this.#buffer.release(turn.chunk!);
    }
    const failure = new AppError("unavailable", this.#failure, { cause: error });
    for (const turn of turns) turn.settle(failure);
    this.#mending.later();
  }

  /** Makes room, then takes entries again, and calls once the reserve is back. */
  async #mend(): Promise<void> {
    if (this.#closed) return;
    await this.#release.again();
    try {
      if (this.#failure) await this.#reopen();
    } catch (error) {
      this.#failure = failureOf(error as Error);
      return;
    }
    await this.#disk.fillReserve();
  }

  async #reopen(): Promise<void> {
    await this.#disk.reopen();
    this.#failure = null;
    for (const { bytes, closes } of this.#unwritten.takeAll())
      this.#append(typeOfFrame(bytes) as FrameType, bytes).intent = closes;
  }

  /** While the disk fails that is said once, with the failure. */
  #releaseFailed(error: Error): void {
    if (!this.#failure) log.warn({ err: error }, "audit journal: segments could not be deleted");
  }

  #carry({ payload }: HeldIntent): Promise<Turn> {
    if (this.#failure !== null) return Promise.reject(new Error(this.#failure));
    this.#append(FRAME_TYPE.intent, payload);
    const turn = this.#gathering;
    return new Promise((resolve, reject) =>
      turn.whenSettled((error) => (error === null ? resolve(turn) : reject(error))),
    );
  }
}
