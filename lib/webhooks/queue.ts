import { randomUUID } from "node:crypto";
import type { Transaction } from "../db/client.ts";
import { WEBHOOK_CHANNEL } from "./delivery/channel.ts";
import type { WebhookType } from "./schema.ts";

/** So many messages may wait for one destination; what comes then it is never told, and that is counted. */
const MOST_WAITING = 1_000;

/**
 * Writes down what others are to be told when the transaction commits, for each destination that takes its type. Nobody waits for its sending.
 * `data` is the message's body's, as docs/api.md describes it.
 */
export async function queueMessage(
  tx: Transaction,
  { type, data }: { type: WebhookType; data: object },
): Promise<void> {
  const webhooks = await tx.webhook.findMany({
    where: { enabled: true, OR: [{ types: { isEmpty: true } }, { types: { has: type } }] },
    select: { id: true, _count: { select: { deliveries: true } } },
  });
  if (webhooks.length === 0) return;
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  const open = webhooks.filter(({ _count }) => _count.deliveries < MOST_WAITING);
  const full = webhooks.filter(({ _count }) => _count.deliveries >= MOST_WAITING);
  await tx.webhookDelivery.createMany({
    data: open.map(({ id }) => ({ id: randomUUID(), webhookId: id, type, body })),
  });
  if (full.length > 0) {
    await tx.webhook.updateMany({
      where: { id: { in: full.map(({ id }) => id) } },
      data: { dropped: { increment: 1 } },
    });
  }
  await tx.$executeRaw`select pg_notify(${WEBHOOK_CHANNEL}, '')`;
}
