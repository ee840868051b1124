import type { AlertChannel } from "../../../prisma/generated/client.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AlertMessage } from "../message.ts";

/** A message that is to be sent now. */
export interface DueDelivery {
  id: string;
  /** This one among them. */
  attempts: number;
  message: AlertMessage;
  channel: AlertChannel;
}

/** So long no other replica sends it; longer than an attempt lasts. */
const LEASE_SECONDS = 90;

/** Takes the oldest message that is due of each channel that none is being sent to; of each no other replica takes any meanwhile. */
export async function takeDueDeliveries(): Promise<DueDelivery[]> {
  const taken = await database().$queryRaw<{ id: string }[]>`
    with due as (
      select distinct on (d.channel_id) d.id from alert_deliveries d join alert_channels c on c.id = d.channel_id
      where c.enabled and d.not_before <= now() and (d.lease_until is null or d.lease_until < now())
        and not exists (select 1 from alert_deliveries other where other.channel_id = d.channel_id and other.lease_until > now())
      order by d.channel_id, d.created_at, d.id
    ), mine as (
      select id from alert_deliveries where id in (select id from due) and (lease_until is null or lease_until < now())
      for update skip locked
    )
    update alert_deliveries d set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = d.attempts + 1
    from mine where d.id = mine.id returning d.id`;
  const rows = await database().alertDelivery.findMany({
    where: { id: { in: taken.map(({ id }) => id) } },
    include: { channel: true },
  });
  return rows.map(({ message, ...row }) => ({ ...row, message: AlertMessage.parse(message) }));
}

/** It is sent again after `seconds`, and so is what else waits for the channel, not before. */
export async function postpone({ id, channel }: DueDelivery, seconds: number): Promise<void> {
  await database().$executeRaw`
    update alert_deliveries set not_before = greatest(not_before, now() + make_interval(secs => ${seconds})),
      lease_until = case when id = ${id}::uuid then null else lease_until end
    where channel_id = ${channel.id}::uuid`;
}

/** As if it had not been taken. */
export async function giveBack({ id }: DueDelivery): Promise<void> {
  await database()
    .$executeRaw`update alert_deliveries set lease_until = null, attempts = attempts - 1 where id = ${id}::uuid`;
}

/** It was taken, or is given up. */
export async function forgetDelivery(tx: Transaction, { id }: DueDelivery): Promise<void> {
  await tx.alertDelivery.deleteMany({ where: { id } });
}
