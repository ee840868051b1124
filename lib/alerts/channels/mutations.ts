import { randomUUID } from "node:crypto";
import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { recordIfRefused } from "../../audit/events/refused.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { newWebhookSecret } from "../../webhooks/delivery/secret.ts";
import type { AlertMessage } from "../message.ts";
import { COUNTED, viewChannel } from "./data.ts";
import { keepDestination } from "./destination.ts";
import { sealChannelSecret } from "./kept.ts";
import {
  type ChannelView,
  CreateChannelInput,
  type MadeChannel,
  MOST_CHANNELS,
  type SendResult,
  UpdateChannelInput,
} from "./schema.ts";
import { sendToChannel } from "./send-to-channel.ts";

/** As Event History has channels, with alerts. */
const ENTITY = "Alert" as const;

/**
 * Adds a channel. The secret of a webhook is made here, and shown this once.
 * @throws AppError `invalid_argument` for an address that may not be called, `conflict` where the name is taken.
 */
export function createAlertChannel({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateChannelInput;
}): Promise<MadeChannel> {
  const attempt = { action: "Create", entityType: ENTITY, entityName: input.name } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    const { name, to } = CreateChannelInput.parse(input);
    const id = randomUUID();
    const secret = to.kind === "webhook" ? newWebhookSecret() : null;
    const destination = await keepDestination(id, to, null);
    return inTransaction(database(), async (tx) => {
      if ((await tx.alertChannel.count()) >= MOST_CHANNELS)
        throw new AppError(
          "conflict",
          `There are ${MOST_CHANNELS} channels, the most there may be. Remove one first.`,
        );
      const data = {
        id,
        name,
        ...destination,
        ...(secret !== null && { secret: sealChannelSecret(id, secret) }),
      };
      const row = await refuseDuplicate(tx.alertChannel.create({ data, include: COUNTED }), {
        field: "name",
        value: name,
      });
      await recordEvent(tx, ctx, { ...attempt, entityId: id, after: shown(viewChannel(row)) });
      return { ...viewChannel(row), secret };
    });
  });
}

/** Changes a channel. What waits for it goes to where it is now; the secret of a webhook stays. */
export function updateAlertChannel({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateChannelInput;
}): Promise<ChannelView> {
  const attempt = { action: "Update", entityType: ENTITY, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    const { id, ...rest } = input;
    const { to, ...change } = UpdateChannelInput.parse(rest);
    const destination = to && (await keepDestination(id, to, await find(database(), id)));
    return inTransaction(database(), async (tx) => {
      const before = await find(tx, id);
      const data = { ...change, ...destination };
      const row = await refuseDuplicate(tx.alertChannel.update({ where: { id }, data, include: COUNTED }), {
        field: "name",
        value: change.name ?? before.name,
      });
      const views = { before: shown(viewChannel(before)), after: shown(viewChannel(row)) };
      await recordEvent(tx, ctx, { ...attempt, entityName: row.name, ...views });
      return viewChannel(row);
    });
  });
}

/** Removes a channel, and what waits for it. */
export function deleteAlertChannel({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const attempt = { action: "Delete", entityType: ENTITY, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    await inTransaction(database(), async (tx) => {
      const before = await find(tx, input.id);
      await tx.alertChannel.delete({ where: { id: before.id } });
      await recordEvent(tx, ctx, { ...attempt, entityName: before.name, before: shown(viewChannel(before)) });
    });
  });
}

/** Sends a message that says that it is a test, now, once, and says what became of it. */
export function testAlertChannel({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<SendResult> {
  const attempt = { action: "Update", operation: "Start", entityType: ENTITY, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "alerts:write");
    const row = await find(database(), input.id);
    const result = await sendToChannel(row, { id: randomUUID(), message: testMessage(row) });
    await inTransaction(database(), async (tx) => {
      const last = { lastAt: new Date(), lastError: result.error };
      await tx.alertChannel.updateMany({ where: { id: row.id }, data: last });
      await recordEvent(tx, ctx, { ...attempt, entityName: row.name, after: { test: result } });
    });
    return result;
  });
}

function testMessage({ id, name }: { id: string; name: string }): AlertMessage {
  const at = new Date().toISOString();
  const none = { filter: "", matches: 0, firings: 0, from: at, to: at, href: "" };
  return { kind: "test", at, alert: { id, name }, surface: "request_audit", ...none };
}

async function find(tx: Pick<Transaction, "alertChannel">, id: string) {
  const row = await tx.alertChannel.findUnique({ where: { id }, include: COUNTED });
  if (!row) throw new AppError("not_found", "There is no channel with that id.");
  return row;
}

/** What of it an event tells: what people decide. */
const shown = ({ id, name, to, enabled }: ChannelView) => ({ channel: id, name, to, enabled });
