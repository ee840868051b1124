import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { subscribeNotifications } from "../../db/notifications.ts";
import { log } from "../../log.ts";
import { WEBHOOK_CHANNEL } from "./channel.ts";
import { type DueDelivery, postpone, takeDueDeliveries } from "./due.ts";
import { keepResult } from "./keep-result.ts";
import { sendTo } from "./send-to.ts";

/** Delays from an attempt to the next: 5 s to a day, three days in all. */
const DELAYS_SECONDS = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const AT_A_TIME = 8;
const POLL_MS = 5_000;

export interface WebhookDelivery {
  /** Sends what is due, and resolves when it was tried. */
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

/** Sends what is queued: soon after it was, and again where it was not taken. Each replica may run it. */
export function startWebhookDelivery({ pollMs = POLL_MS } = {}): WebhookDelivery {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let again = false;
  const runOnce = async (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again && !stopping.signal.aborted) {
        again = false;
        await deliverDue(stopping.signal).catch(report);
      }
      running = null;
    })();
    await running;
  };
  const wake = () => void runOnce();
  const unsubscribe = subscribeNotifications(WEBHOOK_CHANNEL, { onNotification: wake, onConnected: wake });
  const timer = setInterval(wake, pollMs);
  timer.unref();
  return {
    runOnce,
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      stopping.abort(new Error("the gateway is shutting down"));
      await running;
    },
  };
}

async function deliverDue(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const due = await takeDueDeliveries(AT_A_TIME);
    await Promise.all(due.map((delivery) => deliver(delivery, signal).catch(report)));
    if (due.length < AT_A_TIME) return;
  }
}

async function deliver(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
  const { id, webhookId, type, attempts, body, url, secret } = delivery;
  const result = await sendTo({ id: webhookId, url, secret }, { id, body }, signal);
  const delay = DELAYS_SECONDS[attempts - 1];
  if (result.error !== null && delay !== undefined) {
    log.warn(
      { webhook: delivery.webhookName, type, attempts, error: result.error },
      "a webhook was not taken; it is sent again",
    );
    await keepResult(database(), { webhookId, type, result });
    await postpone(delivery, delay);
    return;
  }
  const dropped = result.error === null ? 0 : 1;
  if (dropped > 0)
    log.error(
      { webhook: delivery.webhookName, type, attempts, error: result.error },
      "a webhook was never taken",
    );
  await inTransaction(database(), async (tx) => {
    await keepResult(tx, { webhookId, type, result, dropped });
    await tx.webhookDelivery.deleteMany({ where: { id } });
  });
}

function report(error: unknown): void {
  log.warn({ err: error }, "webhooks could not be sent; it is tried again");
}
