/** The one tab of a browser that may hold a stream has this lock. */
const LOCK = "kubewitness-live";
const CHANNEL = "kubewitness-live";

/**
 * Waits for this tab's turn to hold the browser's one stream, and holds it until `run` has ended. A browser opens six connections to an
 * address at most (over HTTP/1.1): a stream in each tab would leave none to load anything by. Where there are no Web Locks (a
 * page over plain HTTP), no tab has its turn, and all of them ask.
 */
export async function takeTurn(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  if (typeof navigator === "undefined" || !navigator.locks) return;
  await navigator.locks.request(LOCK, { signal }, run).catch((error) => {
    if (!signal.aborted) throw error;
  });
}

/** Tells the other tabs of this browser that something was committed. */
export class LiveHints {
  private readonly channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  constructor(onHint: (endpoint: string) => void) {
    if (this.channel) this.channel.onmessage = ({ data }) => onHint(String(data));
  }

  send(endpoint: string): void {
    this.channel?.postMessage(endpoint);
  }

  close(): void {
    this.channel?.close();
  }
}
