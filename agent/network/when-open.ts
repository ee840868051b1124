import type { Duplex } from "node:stream";

/**
 * Waits for the event by which a stream says that it is open. Where it fails, closes or the signal is aborted first, the stream is
 * destroyed and this rejects with what was the matter.
 */
export async function whenOpen(
  stream: Duplex,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<void> {
  // Later errors show in the stream's `close`; unheard, they would end the process.
  stream.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    const settle = (act: () => void) => {
      stream.off(event, onOpen).off("error", fail).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const fail = (error: unknown) => {
      settle(() => reject(error));
      stream.destroy();
    };
    const onOpen = () => settle(resolve);
    const onClose = () =>
      fail(Object.assign(new Error("the connection was closed before it was open"), { code: "ECONNRESET" }));
    const onAbort = () => fail(signal.reason);
    stream.on(event, onOpen).on("error", fail).on("close", onClose);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
  });
}
