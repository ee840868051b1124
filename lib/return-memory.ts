/** How often it is looked. A collection stops the thread for some tenths of a second at most: that is once in so long. */
const EVERY_MS = 30_000;
/** Of one processor: who is busier collects in passing. */
const QUIET_SHARE = 0.2;
/** Less than that is not worth a collection. */
const WORTH_BYTES = 16 * 2 ** 20;

/** As `--expose-gc` makes it; Node's types leave the options out. */
type Collect = (options: { type: "major"; execution: "async" }) => Promise<void>;

/**
 * Gives memory back while the thread does little. V8 collects when it needs room: who has come to rest needs none, and keeps what a rush has left, with the buffers
 * that hang on it. Each thread has a heap of its own. Does nothing without `--expose-gc`. Returns how to stop it.
 */
export function returnMemory({ everyMs = EVERY_MS } = {}): () => void {
  const collect = (globalThis as { gc?: unknown }).gc as Collect | undefined;
  if (collect === undefined) return () => undefined;
  let cpu = process.threadCpuUsage();
  let lookedAt = performance.now();
  let left = 0;
  const look = async () => {
    const used = process.threadCpuUsage(cpu);
    const now = performance.now();
    const share = (used.user + used.system) / 1_000 / (now - lookedAt);
    cpu = process.threadCpuUsage();
    lookedAt = now;
    if (share > QUIET_SHARE || heldBytes() - left < WORTH_BYTES) return;
    await collect({ type: "major", execution: "async" });
    left = heldBytes();
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What V8 has taken for its heap, and what hangs on it outside. */
function heldBytes(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}
