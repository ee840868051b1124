import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { subscribeNotifications } from "../../db/notifications.ts";
import { log } from "../../log.ts";
import { sendToChannel } from "../channels/send-to-channel.ts";
import { type DueDelivery, forgetDelivery, giveBack, postpone, takeDueDeliveries } from "./due.ts";
import { ALERT_CHANNEL } from "./notification.ts";

/** Delays from an attempt to the next: 5 s to ten hours, a day in all. What is older is no news. */
const DELAYS_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 18_000];
const POLL_MS = 5_000;

export interface AlertDelivery {
  /** Begins to send what is due, and resolves when nothing is being sent any more. */
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

/** Sends what is queued: soon after it was, and again where it was not taken. To each channel one message at a time, and none waits for another channel. Each replica may run it. */
export function startAlertDelivery({ pollMs = POLL_MS } = {}): AlertDelivery {
  const stopping = new AbortController();
  const sending = new Set<Promise<void>>();
  let taking: Promise<void> = Promise.resolve();
  const take = (): Promise<void> => {
    taking = taking.then(async () => {
      if (stopping.signal.aborted) return;
      for (const due of await takeDueDeliveries()) {
        const sent = deliver(due, stopping.signal)
          .catch(report)
          .then(() => {
            sending.delete(sent);
            // The channel's next one.
            return take();
          });
        sending.add(sent);
      }
    });
    taking = taking.catch(report);
    return taking;
  };
  const wake = () => void take();
  const unsubscribe = subscribeNotifications(ALERT_CHANNEL, { onNotification: wake, onConnected: wake });
  const timer = setInterval(wake, pollMs);
  timer.unref();
  const settle = async () => {
    await taking;
    while (sending.size > 0) await Promise.all(sending);
  };
  return {
    runOnce: async () => {
      await take();
      await settle();
    },
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      stopping.abort(new Error("the gateway is shutting down"));
      await settle();
    },
  };
}

async function deliver(due: DueDelivery, signal: AbortSignal): Promise<void> {
  const { id, attempts, message, channel } = due;
  const { error } = await sendToChannel(channel, { id, message }, signal);
  // This process ends: nothing is known of the channel, and the next process sends it at once.
  if (error !== null && signal.aborted) return giveBack(due);
  const delay = DELAYS_SECONDS[attempts - 1];
  if (error !== null && delay !== undefined) {
    log.warn({ channel: channel.name, attempts, error }, "an alert was not taken; it is sent again");
    await keepResult(database(), { id: channel.id, error });
    await postpone(due, delay);
    return;
  }
  if (error !== null) log.error({ channel: channel.name, attempts, error }, "an alert was never taken");
  await inTransaction(database(), async (tx) => {
    await keepResult(tx, { id: channel.id, error, dropped: error === null ? 0 : 1 });
    await forgetDelivery(tx, due);
  });
}

/** For the page. */
async function keepResult(
  tx: Pick<Transaction, "alertChannel">,
  { id, error, dropped = 0 }: { id: string; error: string | null; dropped?: number },
): Promise<void> {
  const data = { lastAt: new Date(), lastError: error, dropped: { increment: dropped } };
  await tx.alertChannel.updateMany({ where: { id }, data });
}

function report(error: unknown): void {
  log.warn({ err: error }, "alerts could not be sent; it is tried again");
}
