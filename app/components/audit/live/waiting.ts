/** Resolves after a while, or as soon as the signal is aborted. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

/** Waits until the tab is seen. Answers a signal that is aborted when it is hidden again, or null when `end` came first. */
export async function untilVisible(end: AbortSignal): Promise<AbortSignal | null> {
  while (isHidden()) {
    if (end.aborted) return null;
    await new Promise<void>((resolve) => {
      document.addEventListener("visibilitychange", () => resolve(), { once: true, signal: end });
      end.addEventListener("abort", () => resolve(), { once: true });
    });
  }
  if (end.aborted) return null;
  const hidden = new AbortController();
  if (typeof document === "undefined") return hidden.signal;
  const onChange = () => {
    if (isHidden()) hidden.abort();
  };
  document.addEventListener("visibilitychange", onChange, { signal: AbortSignal.any([end, hidden.signal]) });
  return hidden.signal;
}

const isHidden = () => typeof document !== "undefined" && document.hidden;
