import { database } from "../../db/connection.ts";

/** A message that is to be sent now. */
export interface DueDelivery {
  id: string;
  type: string;
  body: string;
  /** This one among them. */
  attempts: number;
  webhookId: string;
  webhookName: string;
  url: string;
  secret: Uint8Array;
}

/** So long no other replica sends it; longer than an attempt lasts. */
const LEASE_SECONDS = 60;

/** Takes messages that are due, at most `most`; of each no other replica takes any meanwhile. */
export function takeDueDeliveries(most: number): Promise<DueDelivery[]> {
  return database().$queryRaw<DueDelivery[]>`
    with due as (
      select d.id from webhook_deliveries d join webhooks w on w.id = d.webhook_id
      where w.enabled and d.not_before <= now() and (d.lease_until is null or d.lease_until < now())
      order by d.not_before, d.created_at limit ${most} for update of d skip locked
    )
    update webhook_deliveries d
    set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = d.attempts + 1
    from due, webhooks w where d.id = due.id and w.id = d.webhook_id
    returning d.id, d.type, d.body, d.attempts, w.id as "webhookId", w.name as "webhookName", w.url, w.secret`;
}

/** It is sent again after `seconds`, and so is what else waits for the destination, not before. */
export async function postpone({ id, webhookId }: DueDelivery, seconds: number): Promise<void> {
  await database().$executeRaw`
    update webhook_deliveries set not_before = greatest(not_before, now() + make_interval(secs => ${seconds})),
      lease_until = case when id = ${id}::uuid then null else lease_until end
    where webhook_id = ${webhookId}::uuid`;
}
