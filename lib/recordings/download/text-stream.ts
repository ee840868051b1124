import { AppError } from "../../errors.ts";

/** A client that takes nothing for so long is not waited for. */
const LONGEST_STALL_MS = 5 * 60_000;

interface TextStream {
  parts: AsyncIterator<string>;
  /** Ends it early. */
  signal: AbortSignal;
  /** Called once, when nothing more is read for it. */
  onEnd(): void;
  stallMs?: number;
}

/** Streams texts as UTF-8 at the client's pace: one is held, and no more. */
export function streamText({
  parts,
  signal,
  onEnd,
  stallMs = LONGEST_STALL_MS,
}: TextStream): ReadableStream<Uint8Array> {
  let stall: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    clearTimeout(stall);
    signal.removeEventListener("abort", abort);
    // Behind a part that is being read, whose end nobody waits for.
    void parts.return?.().catch(() => undefined);
    onEnd();
  };
  let fail = (_reason: unknown) => {};
  const abort = () => fail(signal.reason);
  return new ReadableStream(
    {
      start(controller) {
        fail = (reason) => {
          if (ended) return;
          controller.error(reason);
          end();
        };
        if (signal.aborted) abort();
        else signal.addEventListener("abort", abort, { once: true });
      },
      async pull(controller) {
        clearTimeout(stall);
        const next = await nextText(parts).catch((error: unknown) => {
          end();
          throw error;
        });
        if (ended) return;
        if (next === null) {
          end();
          return controller.close();
        }
        controller.enqueue(Buffer.from(next, "utf8"));
        stall = setTimeout(
          () => fail(new AppError("unavailable", `The client took nothing for ${stallMs / 1_000} s.`)),
          stallMs,
        );
        stall.unref();
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
}

/** An empty part is no part of a stream: whoever pulls waits for one. */
async function nextText(parts: AsyncIterator<string>): Promise<string | null> {
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return null;
    if (value !== "") return value;
  }
}
