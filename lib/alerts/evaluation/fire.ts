import { randomUUID } from "node:crypto";
import type { Alert } from "../../../prisma/generated/client.ts";
import type { NewEvent } from "../../audit/events/record.ts";
import { SavedViewSurface } from "../../audit/views/schema.ts";
import { config } from "../../config.ts";
import type { Transaction } from "../../db/client.ts";
import { queueMessage } from "../delivery/queue.ts";
import { hrefOf } from "../surfaces.ts";
import { isQuiet } from "./quiet-hours.ts";
import type { Hit } from "./sliding-count.ts";

/**
 * An alert has reason to fire, within the caller's transaction, which holds its row. Where it fired not long ago this is kept for later; in quiet hours it is kept to
 * be told afterwards.
 * @returns the event of its firing, to be recorded last; null where it is kept for later.
 */
export async function fireOrHold(tx: Transaction, alert: Alert, hit: Hit): Promise<NewEvent | null> {
  const now = Date.now();
  const isSoon = isTooSoon(alert, now);
  const whole = withHeld(alert, hit);
  if (!isSoon) return fire(tx, alert, whole, now);
  await tx.alert.update({
    where: { id: alert.id },
    data: { heldMatches: whole.matches, heldFrom: new Date(whole.from), heldTo: new Date(whole.to) },
  });
  return null;
}

/** Whether an alert fired not long ago. A time further ahead than that is a wrong clock's, and must not silence it. */
export const isTooSoon = (
  { firedAt, againAfterMs }: Pick<Alert, "firedAt" | "againAfterMs">,
  now: number,
): boolean => firedAt !== null && Math.abs(now - firedAt.getTime()) < Number(againAfterMs);

/** What was kept for later: it is time. */
export const fireHeld = (tx: Transaction, alert: Alert): Promise<NewEvent> =>
  fire(tx, alert, withHeld(alert, null), Date.now());

function withHeld({ heldMatches, heldFrom, heldTo }: Alert, hit: Hit | null): Hit {
  const held =
    heldFrom === null || heldTo === null
      ? null
      : { matches: heldMatches, from: heldFrom.getTime(), to: heldTo.getTime() };
  const [one, other] = [hit ?? held, held ?? hit];
  if (one === null || other === null) return { matches: 0, from: Date.now(), to: Date.now() };
  if (hit === null || held === null) return one;
  return {
    matches: Math.min(hit.matches + held.matches, 2_000_000_000),
    from: Math.min(hit.from, held.from),
    to: Math.max(hit.to, held.to),
  };
}

async function fire(tx: Transaction, alert: Alert, hit: Hit, now: number): Promise<NewEvent> {
  const { id: alertId, name, filter } = alert;
  const surface = SavedViewSurface.parse(alert.surface);
  const quiet = isQuiet(alert.quiet, now);
  const [from, to] = [new Date(hit.from), new Date(hit.to)];
  const firing = await tx.alertFiring.create({
    data: {
      id: randomUUID(),
      alertId,
      at: new Date(now),
      matches: hit.matches,
      fromAt: from,
      toAt: to,
      filter,
      quiet,
      toldAt: quiet ? null : new Date(now),
    },
  });
  await tx.alert.update({
    where: { id: alertId },
    data: { firedAt: new Date(now), heldMatches: 0, heldFrom: null, heldTo: null },
  });
  const range = { from: from.toISOString(), to: to.toISOString() };
  if (!quiet) {
    const href = hrefOf({ surface, filter, from, to }, config().publicUrl);
    const about = {
      alert: { id: alertId, name },
      surface,
      filter,
      matches: hit.matches,
      firings: 1,
      ...range,
    };
    await queueMessage(tx, {
      alertId,
      message: { kind: "fired", at: firing.at.toISOString(), ...about, href },
    });
  }
  return {
    action: "Create",
    operation: "Start",
    entityType: "Alert",
    entityId: alertId,
    entityName: name,
    after: { firing: firing.id, matches: hit.matches, ...range, surface, filter, quiet },
  };
}
