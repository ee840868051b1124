import type { z } from "zod";
import type { Alert, AlertFiring } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { SavedViewSurface } from "../../audit/views/schema.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import {
  type AlertView,
  type FiringPage,
  type FiringView,
  type ListFiringsQuery,
  QuietHours,
} from "../schema.ts";
import { hrefOf } from "../surfaces.ts";

/** A row with what is listed of it. */
type Whole = Alert & {
  channels: { channel: { id: string; name: string } }[];
  _count: { firings: number };
};

export const WHOLE = {
  channels: {
    include: { channel: { select: { id: true, name: true } } },
    orderBy: { channel: { name: "asc" } },
  },
  _count: { select: { firings: true } },
} as const;

/** Every alert, by name. */
export async function listAlerts({ ctx }: { ctx: Context }): Promise<AlertView[]> {
  requirePermission(ctx, "alerts:read");
  const rows = await database().alert.findMany({ include: WHOLE, orderBy: { name: "asc" } });
  return rows.map(viewAlert);
}

/**
 * When an alert fired, newest first, a page at a time.
 * @throws AppError `not_found`
 */
export async function listFirings({
  ctx,
  input: { id, limit, before },
}: {
  ctx: Context;
  input: { id: string } & z.infer<typeof ListFiringsQuery>;
}): Promise<FiringPage> {
  requirePermission(ctx, "alerts:read");
  const alert = await database().alert.findUnique({ where: { id } });
  if (!alert) throw new AppError("not_found", "There is no alert with that id.");
  const rows = await database().alertFiring.findMany({
    where: { alertId: id, ...(before !== undefined && { at: { lt: new Date(before) } }) },
    orderBy: [{ at: "desc" }, { id: "asc" }],
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return {
    firings: shown.map((firing) => viewFiring(alert, firing)),
    next: rows.length > limit ? shown.at(-1)!.at.toISOString() : null,
  };
}

export function viewAlert(row: Whole): AlertView {
  return {
    id: row.id,
    name: row.name,
    surface: SavedViewSurface.parse(row.surface),
    filter: row.filter,
    timeZone: row.timeZone,
    moreThan: row.moreThan,
    withinMs: Number(row.withinMs),
    againAfterMs: Number(row.againAfterMs),
    quiet: row.quiet === null ? null : QuietHours.parse(row.quiet),
    channels: row.channels.map(({ channel }) => channel),
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    problem: row.problem,
    firedAt: row.firedAt?.toISOString() ?? null,
    firings: row._count.firings,
  };
}

function viewFiring(alert: Alert, firing: AlertFiring): FiringView {
  const { id, at, matches, fromAt: from, toAt: to, filter, quiet, toldAt } = firing;
  return {
    id,
    at: at.toISOString(),
    matches,
    from: from.toISOString(),
    to: to.toISOString(),
    quiet,
    toldAt: toldAt?.toISOString() ?? null,
    href: hrefOf({ surface: SavedViewSurface.parse(alert.surface), filter, from, to }),
  };
}
