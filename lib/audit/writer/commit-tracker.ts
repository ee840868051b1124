interface Mark {
  position: number;
  at: number;
  /** Entries up to the position. */
  entries: number;
}

interface Waiter {
  position: number;
  resolve(reached: boolean): void;
}

/** Marks closer than this are one: lag is told to this precision. */
const MARK_MS = 20;
/** While PostgreSQL is away for long, only the oldest mark counts. */
const MAX_MARKS = 1_000;

/** What is known in the gateway's thread of how far the writer has come in its journal. */
export class CommitTracker {
  position = 0;
  lastNo: number | null = null;
  lastCommittedAt: Date | null = null;
  deadLetters = 0;
  /** Why the writer gets nowhere; null while it does. */
  error: string | null = null;
  #marks: Mark[] = [];
  #entriesWritten = 0;
  #waiters: Waiter[] = [];

  /** The journal is durable up to `position`, with so many entries. */
  noteDurable({ position, entries }: { position: number; entries: number }): void {
    const now = performance.now();
    const last = this.#marks.at(-1);
    if (last && (now - last.at < MARK_MS || this.#marks.length >= MAX_MARKS))
      Object.assign(last, { position, entries });
    else this.#marks.push({ position, at: now, entries });
  }

  /** `position` is null for another journal's batch. Answers whether this ends an error. */
  noteCommitted(batch: { position: number | null; lastNo: number | null; deadLetters: number }): boolean {
    const recovered = this.error !== null;
    this.error = null;
    this.lastNo = batch.lastNo ?? this.lastNo;
    this.lastCommittedAt = new Date();
    this.deadLetters += batch.deadLetters;
    if (batch.position !== null) this.#advance(batch.position);
    return recovered;
  }

  /** Answers whether the error is a new one. */
  noteError(message: string): boolean {
    const first = this.error === null;
    this.error = message;
    return first;
  }

  /** Entries that are durable but not written, to the precision of the marks. */
  get entriesBehind(): number {
    const last = this.#marks.at(-1);
    return last ? last.entries - this.#entriesWritten : 0;
  }

  /** Age of the oldest entry that is durable but not written, milliseconds. */
  lagMs(): number {
    return this.#marks[0] ? performance.now() - this.#marks[0].at : 0;
  }

  /** True when the journal is in the database up to `position`; false where it is not after `timeoutMs`. */
  async waitFor(position: number, timeoutMs: number): Promise<boolean> {
    if (position <= this.position) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { position, resolve };
    const timer = setTimeout(() => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      resolve(false);
    }, timeoutMs);
    this.#waiters.push(waiter);
    return await promise.finally(() => clearTimeout(timer));
  }

  #advance(position: number): void {
    this.position = position;
    const waiting = this.#marks.findIndex((mark) => mark.position > position);
    const written = this.#marks.splice(0, waiting === -1 ? this.#marks.length : waiting);
    this.#entriesWritten = written.at(-1)?.entries ?? this.#entriesWritten;
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.resolve(true);
    this.#waiters = this.#waiters.filter((waiter) => waiter.position > position);
  }
}
