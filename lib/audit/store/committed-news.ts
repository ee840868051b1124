import { subscribeNotifications } from "../../db/notifications.ts";
import { COMMITTED_CHANNEL, parseCommittedNotice } from "./committed.ts";
import type { LedgerStream } from "./ledger.ts";

/** What this process hears of new rows of a stream. While the connection that listens is away nothing is heard: whoever waits looks now and then all the same. */
export interface CommittedNews {
  /** Resolves with true at once where there is news since the last time, or when there is; with false after `milliseconds`, and when it has ended. */
  wait(milliseconds: number): Promise<boolean>;
}

/** Listens until `signal` aborts. There is news from the start: what came before nobody has told. `onLastNo` is told of each notice's number. */
export function followCommitted(
  stream: LedgerStream,
  signal: AbortSignal,
  onLastNo: (lastNo: number) => void = () => undefined,
): CommittedNews {
  let news = true;
  let wake = () => {};
  const announce = () => {
    news = true;
    wake();
  };
  const unsubscribe = subscribeNotifications(COMMITTED_CHANNEL, {
    onNotification: (payload) => {
      const notice = parseCommittedNotice(payload);
      if (notice?.stream !== stream) return;
      onLastNo(notice.lastNo);
      announce();
    },
    // While the connection was away, anything may have come.
    onConnected: announce,
  });
  const end = () => {
    unsubscribe();
    wake();
  };
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  return {
    async wait(milliseconds) {
      if (!news && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, milliseconds);
        await promise;
        clearTimeout(timer);
      }
      const heard = news && !signal.aborted;
      news = false;
      return heard;
    },
  };
}
