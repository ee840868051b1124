import { setTimeout } from "node:timers/promises";
import { followCommitted } from "../store/committed-news.ts";
import type { LedgerStream } from "../store/ledger.ts";

const PAUSE_MS = 400;
const HEARTBEAT_MS = 15_000;
const FIRST_LOOK_AGAIN_MS = 1_000;

interface LiveInput<T> {
  stream: LedgerStream;
  /** The number that the listener has seen last. */
  afterNo: number;
  /** Ends with the client's connection, or when the right to read was withdrawn. */
  signal: AbortSignal;
  /** What is new above a number. `lastNo`: up to where it looked. */
  readNew: (afterNo: number) => Promise<{ lastNo: number; data: T | null }>;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2) of what was committed: at most one message every 400 ms however many batches
 * there were. Each carries the last number as its id, so a reconnecting client (`Last-Event-ID`) misses nothing.
 */
export function streamCommitted<T>(input: LiveInput<T>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const stop = new AbortController();
  const ended = AbortSignal.any([input.signal, stop.signal]);
  const news = followCommitted(input.stream, ended);

  async function* messages(): AsyncGenerator<string> {
    let lastNo = input.afterNo;
    // LISTEN may reach the database only after the first look: a second one soon after misses nothing.
    let patience = FIRST_LOOK_AGAIN_MS;
    yield ": listening\n\n";
    while (!ended.aborted) {
      if (!(await news.wait(patience))) {
        if (ended.aborted) return;
        if (patience === HEARTBEAT_MS) yield ": still here\n\n";
        patience = HEARTBEAT_MS;
      }
      const read = await input.readNew(lastNo);
      lastNo = read.lastNo;
      if (read.data !== null) {
        yield `id: ${lastNo}\nevent: committed\ndata: ${JSON.stringify(read.data)}\n\n`;
      }
      await pause();
    }
  }
  /** Ends early with the stream. */
  function pause(): Promise<void> {
    return setTimeout(PAUSE_MS, undefined, { signal: ended }).catch(() => {});
  }

  const iterator = messages();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => stop.abort(),
  });
}
