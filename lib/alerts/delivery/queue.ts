import { randomUUID } from "node:crypto";
import type { Transaction } from "../../db/client.ts";
import type { AlertMessage } from "../message.ts";
import { ALERT_CHANNEL } from "./notification.ts";

/** So many messages may wait for one channel; what comes then it is never told, and that is counted. */
const MOST_WAITING = 500;

/** Writes down what the alert's channels are to be told when the transaction commits. Nobody waits for its sending. */
export async function queueMessage(
  tx: Transaction,
  { alertId, message }: { alertId: string; message: AlertMessage },
): Promise<void> {
  const channels = await tx.alertChannel.findMany({
    where: { enabled: true, alerts: { some: { alertId } } },
    select: { id: true, _count: { select: { deliveries: true } } },
  });
  const open = channels.filter(({ _count }) => _count.deliveries < MOST_WAITING);
  const full = channels.filter(({ _count }) => _count.deliveries >= MOST_WAITING).map(({ id }) => id);
  await tx.alertDelivery.createMany({
    data: open.map(({ id: channelId }) => ({ id: randomUUID(), channelId, alertId, message })),
  });
  if (full.length > 0)
    await tx.alertChannel.updateMany({ where: { id: { in: full } }, data: { dropped: { increment: 1 } } });
  if (open.length > 0) await tx.$executeRaw`select pg_notify(${ALERT_CHANNEL}, '')`;
}
