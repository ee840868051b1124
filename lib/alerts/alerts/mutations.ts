import { randomUUID } from "node:crypto";
import { Prisma } from "../../../prisma/generated/client.ts";
import { auditScope, requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import { actorName, type Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { type AlertView, CreateAlertInput, MOST_ALERTS, UpdateAlertInput } from "../schema.ts";
import { checkCondition } from "./check-condition.ts";
import { viewAlert, WHOLE } from "./data.ts";

const ENTITY = "Alert" as const;

/**
 * Adds an alert: what is on the record from now on fires it.
 * @throws AppError `invalid_argument` for a filter that is not understood, `conflict` where the name is taken.
 */
export function createAlert({ ctx, input }: { ctx: Context; input: CreateAlertInput }): Promise<AlertView> {
  const attempt = { action: "Create", entityType: ENTITY, entityName: input.name } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    const { channels, quiet, ...rest } = CreateAlertInput.parse(input);
    await checkCondition(auditScope(ctx), rest);
    return inTransaction(database(), async (tx) => {
      if ((await tx.alert.count()) >= MOST_ALERTS)
        throw new AppError(
          "conflict",
          `There are ${MOST_ALERTS} alerts, the most there may be. Delete one first.`,
        );
      await requireChannels(tx, channels);
      const data = {
        id: randomUUID(),
        ...rest,
        quiet: quiet ?? Prisma.DbNull,
        createdBy: actorName(ctx),
        channels: { create: [...new Set(channels)].map((channelId) => ({ channelId })) },
      };
      const row = await refuseDuplicate(tx.alert.create({ data, include: WHOLE }), {
        field: "name",
        value: rest.name,
      });
      await recordEvent(tx, ctx, { ...attempt, entityId: row.id, after: shown(viewAlert(row)) });
      return viewAlert(row);
    });
  });
}

/** Changes an alert. One whose condition is another begins to count anew. */
export function updateAlert({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateAlertInput;
}): Promise<AlertView> {
  const attempt = { action: "Update", entityType: ENTITY, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    const { id, ...rest } = input;
    const { channels, quiet, ...change } = UpdateAlertInput.parse(rest);
    const known = await find(database(), id);
    await checkCondition(auditScope(ctx), viewAlert({ ...known, ...kept(change) }));
    return inTransaction(database(), async (tx) => {
      const before = await find(tx, id);
      if (channels) await requireChannels(tx, channels);
      const isAnother = (["surface", "filter", "timeZone", "moreThan", "withinMs"] as const).some(
        (field) => change[field] !== undefined && change[field] !== viewAlert(before)[field],
      );
      if (isAnother || change.enabled === false) await tx.alertCount.deleteMany({ where: { alertId: id } });
      const data = {
        ...change,
        ...(quiet !== undefined && { quiet: quiet ?? Prisma.DbNull }),
        ...(isAnother && { problem: null, heldMatches: 0, heldFrom: null, heldTo: null }),
        ...(channels && {
          channels: { deleteMany: {}, create: [...new Set(channels)].map((channelId) => ({ channelId })) },
        }),
      };
      const row = await refuseDuplicate(tx.alert.update({ where: { id }, data, include: WHOLE }), {
        field: "name",
        value: change.name ?? before.name,
      });
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: row.name,
        before: shown(viewAlert(before)),
        after: shown(viewAlert(row)),
      });
      return viewAlert(row);
    });
  });
}

/** Deletes an alert, with its history. Event History keeps when it fired. */
export function deleteAlert({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const attempt = { action: "Delete", entityType: ENTITY, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    await inTransaction(database(), async (tx) => {
      const before = await find(tx, input.id);
      await tx.alert.delete({ where: { id: before.id } });
      await recordEvent(tx, ctx, { ...attempt, entityName: before.name, before: shown(viewAlert(before)) });
    });
  });
}

/** As the row has them. */
function kept({ withinMs, againAfterMs, ...rest }: Omit<UpdateAlertInput, "channels" | "quiet">) {
  return {
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as typeof rest & {
      name: string;
    }),
    ...(withinMs !== undefined && { withinMs: BigInt(withinMs) }),
    ...(againAfterMs !== undefined && { againAfterMs: BigInt(againAfterMs) }),
  } as object;
}

async function requireChannels(tx: Transaction, ids: readonly string[]): Promise<void> {
  const known = await tx.alertChannel.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
  const missing = ids.find((id) => !known.some((channel) => channel.id === id));
  if (missing === undefined) return;
  throw new AppError("invalid_argument", `channels: got ${missing}; takes ids of channels that there are`, {
    details: [{ field: "channels", got: missing, takes: "ids of channels that there are" }],
  });
}

async function find(tx: Pick<Transaction, "alert">, id: string) {
  const row = await tx.alert.findUnique({ where: { id }, include: WHOLE });
  if (!row) throw new AppError("not_found", "There is no alert with that id.");
  return row;
}

/** What of it an event tells: what people decide. */
const shown = ({
  firedAt: _firedAt,
  firings: _firings,
  problem: _problem,
  createdAt: _at,
  ...decided
}: AlertView) => ({
  ...decided,
  channels: decided.channels.map(({ name }) => name),
});
