import { recordEvent } from "../../audit/events/record.ts";
import { SavedViewSurface } from "../../audit/views/schema.ts";
import { config } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { queueMessage } from "../delivery/queue.ts";
import { hrefOf } from "../surfaces.ts";
import { ALERTS_ACTOR } from "./actor.ts";
import { holdAlert } from "./count-matches.ts";
import { fireHeld, isTooSoon } from "./fire.ts";
import { isQuiet } from "./quiet-hours.ts";

/** So long firings are kept. */
const KEPT_DAYS = 90;

/** Fires what was kept because an alert had just fired, once enough time is over. */
export async function fireWhatIsDue(): Promise<void> {
  const due = await database().$queryRaw<{ id: string }[]>`
    select id from alerts where enabled and held_matches > 0
      and (fired_at <= now() - again_after_ms::float8 * interval '1 millisecond'
        or fired_at >= now() + again_after_ms::float8 * interval '1 millisecond') order by id`;
  for (const { id } of due) {
    await inTransaction(database(), async (tx) => {
      const alert = await holdAlert(tx, id);
      // Another replica may have been here.
      if (!alert?.enabled || alert.heldMatches === 0 || isTooSoon(alert, Date.now())) return;
      await recordEvent(tx, systemContext(ALERTS_ACTOR), await fireHeld(tx, alert));
    });
  }
}

/** Tells in one message what an alert fired for in quiet hours, once they are over. */
export async function tellWhatWasQuiet(): Promise<void> {
  const waiting = await database().alertFiring.groupBy({
    by: ["alertId"],
    where: { toldAt: null },
    orderBy: { alertId: "asc" },
  });
  for (const { alertId } of waiting) await tellOf(alertId);
}

function tellOf(alertId: string): Promise<void> {
  return inTransaction(database(), async (tx) => {
    const alert = await holdAlert(tx, alertId);
    const now = new Date();
    if (!alert || isQuiet(alert.quiet, now.getTime())) return;
    const firings = await tx.alertFiring.findMany({ where: { alertId, toldAt: null } });
    if (firings.length === 0) return;
    await tx.alertFiring.updateMany({
      where: { id: { in: firings.map(({ id }) => id) } },
      data: { toldAt: now },
    });
    const from = new Date(Math.min(...firings.map(({ fromAt }) => fromAt.getTime())));
    const to = new Date(Math.max(...firings.map(({ toAt }) => toAt.getTime())));
    const surface = SavedViewSurface.parse(alert.surface);
    const { filter } = firings.at(-1)!;
    await queueMessage(tx, {
      alertId,
      message: {
        kind: "meanwhile",
        at: now.toISOString(),
        alert: { id: alertId, name: alert.name },
        surface,
        filter,
        matches: firings.reduce((sum, { matches }) => sum + matches, 0),
        firings: firings.length,
        from: from.toISOString(),
        to: to.toISOString(),
        href: hrefOf({ surface, filter, from, to }, config().publicUrl),
      },
    });
  });
}

export async function forgetOldFirings(): Promise<void> {
  await database()
    .$executeRaw`delete from alert_firings where told_at is not null and at < now() - make_interval(days => ${KEPT_DAYS})`;
}
