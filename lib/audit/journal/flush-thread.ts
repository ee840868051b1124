import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  type CoverSegment,
  type FlushFailed,
  type FlushThreadData,
  isReached,
  WORD,
} from "./flush-protocol.ts";

// The thread that has the journal's segments flushed: the event loop never waits for the disk. It takes no events of its own but sleeps until
// it is asked.

/** A flush costs the same for one frame as for many: after one for many the next waits, so that it serves as many again. */
const PAUSE_MS_A_FRAME = 0.06;
const LONGEST_PAUSE_MS = 1;

const { shared, directory } = workerData as FlushThreadData;
const port = parentPort as MessagePort;
const words = new Int32Array(shared);
/** Those that took bytes since the last flush; the last one takes them now. */
let segments: number[] = [];
let isNamed = true;
let hasFailed = false;
/** Of a thread that ended before this one, too: numbers that wrap cannot be compared with those of long ago. */
let flushed = Atomics.load(words, WORD.flushed);
let framesFlushed = Atomics.load(words, WORD.frames);
let flushedAt = Number.NEGATIVE_INFINITY;
let pauseMs = 0;

for (;;) {
  const asked = Atomics.load(words, WORD.asked);
  takeSegments();
  const stop = Atomics.load(words, WORD.stop) === 1;
  if (hasFailed || isReached(flushed, asked)) {
    if (stop) break;
    Atomics.wait(words, WORD.asked, asked);
    continue;
  }
  const pause = flushedAt + pauseMs - performance.now();
  if (pause > 0 && !stop) Atomics.wait(words, WORD.never, 0, pause);
  else flushUpTo(asked);
}

function takeSegments(): void {
  for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port)) {
    const { fd, anew } = received.message as CoverSegment;
    if (anew) {
      segments = [];
      hasFailed = false;
    }
    segments.push(fd);
    isNamed = false;
  }
}

function flushUpTo(asked: number): void {
  const frames = Atomics.load(words, WORD.frames);
  flushedAt = performance.now();
  try {
    for (const fd of segments) fdatasyncSync(fd);
    if (!isNamed) syncNames();
  } catch (error) {
    // A second try would succeed without having written what the first one could not.
    hasFailed = true;
    const { message, code } = error as NodeJS.ErrnoException;
    port.postMessage({ message, code } satisfies FlushFailed);
    return;
  }
  segments = segments.slice(-1);
  pauseMs = Math.min(LONGEST_PAUSE_MS, ((frames - framesFlushed) | 0) * PAUSE_MS_A_FRAME);
  framesFlushed = frames;
  flushed = asked;
  Atomics.store(words, WORD.flushed, flushed);
  if (Atomics.exchange(words, WORD.waiting, 0) === 1) Atomics.notify(words, WORD.flushed);
}

/** A new file's name is durable once its directory is. */
function syncNames(): void {
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  isNamed = true;
}
