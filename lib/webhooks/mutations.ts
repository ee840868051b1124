import { randomUUID } from "node:crypto";
import { requirePermission } from "../access/permission.ts";
import { recordEvent } from "../audit/events/record.ts";
import { recordIfRefused } from "../audit/events/refused.ts";
import type { Context } from "../context.ts";
import { inTransaction, type Transaction } from "../db/client.ts";
import { database } from "../db/connection.ts";
import { refuseDuplicate } from "../db/duplicate.ts";
import { AppError } from "../errors.ts";
import { COUNTED, viewWebhook } from "./data.ts";
import { checkWebhookUrl } from "./delivery/address.ts";
import { keepResult } from "./delivery/keep-result.ts";
import type { WebhookResult } from "./delivery/schema.ts";
import { newWebhookSecret, sealWebhookSecret } from "./delivery/secret.ts";
import { sendTo } from "./delivery/send-to.ts";
import {
  CreateWebhookInput,
  MOST_WEBHOOKS,
  UpdateWebhookInput,
  type WebhookView,
  type WebhookWithSecret,
} from "./schema.ts";

const WEBHOOK = "Webhook" as const;

/**
 * Adds a destination. Its secret is made here, and shown this once.
 * @throws AppError `invalid_argument` for an address that may not be called, `conflict` where the name is taken.
 */
export function createWebhook({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateWebhookInput;
}): Promise<WebhookWithSecret> {
  const attempt = { action: "Create", entityType: WEBHOOK, entityName: input.name } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "settings:write");
    const { name, types, ...rest } = CreateWebhookInput.parse(input);
    const url = await checkWebhookUrl(rest.url);
    const id = randomUUID();
    const secret = newWebhookSecret();
    return inTransaction(database(), async (tx) => {
      await requireRoom(tx);
      const data = { id, name, url, types: [...new Set(types)], secret: sealWebhookSecret(id, secret) };
      const row = await refuseDuplicate(tx.webhook.create({ data, include: COUNTED }), {
        field: "name",
        value: name,
      });
      await recordEvent(tx, ctx, { ...attempt, entityId: id, after: shown(viewWebhook(row)) });
      return { ...viewWebhook(row), secret };
    });
  });
}

async function requireRoom(tx: Transaction): Promise<void> {
  if ((await tx.webhook.count()) < MOST_WEBHOOKS) return;
  throw new AppError(
    "conflict",
    `There are ${MOST_WEBHOOKS} webhooks, the most there may be. Delete one first.`,
  );
}

/** Changes a destination. What waits for it goes to where it is now. */
export function updateWebhook({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & UpdateWebhookInput;
}): Promise<WebhookView> {
  const attempt = { action: "Update", entityType: WEBHOOK, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "settings:write");
    const { id, ...rest } = input;
    const change = UpdateWebhookInput.parse(rest);
    if (change.url !== undefined) change.url = await checkWebhookUrl(change.url);
    return inTransaction(database(), async (tx) => {
      const before = await find(tx, id);
      const row = await refuseDuplicate(
        tx.webhook.update({ where: { id }, data: change, include: COUNTED }),
        {
          field: "name",
          value: change.name ?? before.name,
        },
      );
      await recordEvent(tx, ctx, {
        ...attempt,
        entityName: row.name,
        before: shown(viewWebhook(before)),
        after: shown(viewWebhook(row)),
      });
      return viewWebhook(row);
    });
  });
}

/** Gives a destination another secret, shown this once; the former one signs nothing any more. */
export function rotateWebhookSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<WebhookWithSecret> {
  const attempt = { action: "Update", operation: "Rotate", entityType: WEBHOOK, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "settings:write");
    const secret = newWebhookSecret();
    return inTransaction(database(), async (tx) => {
      const { id, name } = await find(tx, input.id);
      const data = { secret: sealWebhookSecret(id, secret) };
      const row = await tx.webhook.update({ where: { id }, data, include: COUNTED });
      await recordEvent(tx, ctx, { ...attempt, entityName: name, after: { name, secret: "another" } });
      return { ...viewWebhook(row), secret };
    });
  });
}

/** Removes a destination, and what waits for it. */
export function deleteWebhook({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  const attempt = { action: "Delete", entityType: WEBHOOK, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "settings:write");
    await inTransaction(database(), async (tx) => {
      const before = await find(tx, input.id);
      await tx.webhook.delete({ where: { id: before.id } });
      await recordEvent(tx, ctx, { ...attempt, entityName: before.name, before: shown(viewWebhook(before)) });
    });
  });
}

/** Sends a message of type `webhook.test` now, once, and says what became of it. */
export function testWebhook({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<WebhookResult> {
  const attempt = { action: "Update", operation: "Start", entityType: WEBHOOK, entityId: input.id } as const;
  return recordIfRefused(ctx, attempt, async () => {
    requirePermission(ctx, "settings:write");
    const row = await find(database(), input.id);
    const timestamp = new Date().toISOString();
    const body = JSON.stringify({ type: "webhook.test", timestamp, data: { webhook: row.name } });
    const result = await sendTo(row, { id: randomUUID(), body });
    await inTransaction(database(), async (tx) => {
      await keepResult(tx, { webhookId: row.id, type: "webhook.test", result });
      await recordEvent(tx, ctx, { ...attempt, entityName: row.name, after: { test: result } });
    });
    return result;
  });
}

async function find(tx: Pick<Transaction, "webhook">, id: string) {
  const row = await tx.webhook.findUnique({ where: { id }, include: COUNTED });
  if (!row) throw new AppError("not_found", "There is no webhook with that id.");
  return row;
}

/** What of it an event tells: what administrators decide. */
const shown = ({ id, name, url, types, enabled }: WebhookView) => ({ id, name, url, types, enabled });
