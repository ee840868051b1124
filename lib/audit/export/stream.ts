import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { type NewEvent, recordEventAlone } from "../events/record.ts";
import type { AuditQuery } from "../query/audit-query.ts";
import { keepCheckpoint } from "./checkpoints.ts";
import { type Checkpoint, writeFile } from "./file.ts";
import type { ExportTicket } from "./ticket.ts";

/** A client that takes nothing for so long is not waited for; it can go on where it stopped. */
const LONGEST_STALL_MS = 5 * 60_000;

interface FileStream {
  ctx: Context;
  id: string;
  ticket: ExportTicket;
  query: AuditQuery;
  from: Checkpoint;
  /** Bytes that the client has. */
  offset: number;
  /** The event of its end. */
  event: NewEvent;
  /** Ends the file early; where its reason is an AppError, that says why. */
  signal: AbortSignal;
  /** Called once, when nothing more is read for it. */
  onEnd(): void;
  stallMs?: number;
}

/**
 * Streams a file at the client's pace. Its end, also an early one, is an event; the last bytes wait for that of a whole file, so what was
 * exported is on the record.
 */
export function streamFile(input: FileStream): ReadableStream<Uint8Array> {
  const file = new ExportedFile(input);
  return new ReadableStream(
    {
      start: (controller) => file.start(controller),
      pull: (controller) => file.sendMore(controller),
      cancel: () => file.endEarly(null),
    },
    { highWaterMark: 1 },
  );
}

class ExportedFile {
  readonly #input: FileStream;
  readonly #chunks: ReturnType<typeof writeFile>;
  #last: Checkpoint;
  /** Bytes before the next chunk. */
  #sent: number;
  #ended = false;
  #stall: NodeJS.Timeout | undefined;
  #onAbort = () => {};

  constructor(input: FileStream) {
    this.#input = input;
    this.#last = input.from;
    this.#sent = input.from.bytes;
    this.#chunks = writeFile(input.ticket, input.query, input.from, (checkpoint) => {
      this.#last = checkpoint;
      keepCheckpoint(input.id, checkpoint);
    });
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { signal } = this.#input;
    this.#onAbort = () => {
      const reason = signal.reason instanceof AppError ? signal.reason.message : null;
      controller.error(signal.reason);
      void this.endEarly(reason);
    };
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** The next bytes that the client has not yet, or the end. */
  async sendMore(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(this.#stall);
    for (;;) {
      const next = await this.#chunks.next().catch((error) => {
        this.#over();
        throw error;
      });
      if (this.#ended) return;
      if (next.done) return this.#finish(controller, next.value);
      // On a resumed file the client has the first bytes already.
      const known = Math.min(Math.max(this.#input.offset - this.#sent, 0), next.value.length);
      this.#sent += next.value.length;
      if (known === next.value.length) continue;
      controller.enqueue(next.value.subarray(known));
      this.#watchStall(controller);
      return;
    }
  }

  async #finish(
    controller: ReadableStreamDefaultController<Uint8Array>,
    { rows, bytes, hash }: Checkpoint,
  ): Promise<void> {
    this.#over();
    // Where the end was not known before: to go on after it is no success.
    if (this.#input.offset > bytes) {
      const error = `The export has ${bytes} bytes, and was resumed after ${this.#input.offset}.`;
      await this.#recordEnd({ status: "Failed", error, after: { rows, bytes } });
      throw new Error(error);
    }
    await this.#recordEnd({ after: { rows, bytes, sha256: hash.digest("hex") } });
    controller.close();
  }

  /** `why`: null where the connection ended. */
  async endEarly(why: string | null): Promise<void> {
    if (this.#ended) return;
    this.#over();
    // Behind a batch that is being read, whose end nobody waits for.
    void this.#chunks.return(this.#last).catch(() => {});
    const { rows, bytes } = this.#last;
    const error =
      why === null ? `The connection ended after ${rows} rows.` : `${why} The file ended after ${rows} rows.`;
    await this.#recordEnd({ status: "Failed", error, after: { rows, bytes } }).catch((err: unknown) =>
      log.error({ err, exportId: this.#input.id }, "the end of an export could not be recorded"),
    );
  }

  #watchStall(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { stallMs = LONGEST_STALL_MS } = this.#input;
    this.#stall = setTimeout(() => {
      const why = `The client took nothing for ${stallMs / 1_000} s.`;
      controller.error(new Error(why));
      void this.endEarly(why);
    }, stallMs);
    this.#stall.unref();
  }

  #over(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#stall);
    this.#input.signal.removeEventListener("abort", this.#onAbort);
    this.#input.onEnd();
  }

  #recordEnd(end: Partial<NewEvent>): Promise<unknown> {
    return recordEventAlone(this.#input.ctx, { ...this.#input.event, ...end });
  }
}
