import type { Duplex } from "node:stream";

/**
 * Waits for the event by which a stream says that it is open. Where it fails, closes or the signal is aborted first, the stream is
 * destroyed and this rejects with what was the matter. Later errors show in the stream's `close`; unheard, they would end the process.
 */
export function whenOpen(
  stream: Duplex,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<void> {
  stream.on("error", () => undefined);
  return new Promise<void>((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off(event, onOpen).off("error", onError).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const fail = (error: unknown) => {
      settle(() => reject(error));
      stream.destroy();
    };
    const onOpen = () => settle(resolve);
    const onError = (error: Error) => fail(error);
    const onClose = () => fail(closedTooSoon());
    const onAbort = () => fail(signal.reason);
    stream.on(event, onOpen).on("error", onError).on("close", onClose);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  });
}

function closedTooSoon(): Error {
  return Object.assign(new Error("the connection was closed before it was open"), { code: "ECONNRESET" });
}
