import type { Application } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { holdMaker } from "../credential-chain/chain.ts";
import { createCredential, hashCredential } from "../tokens/format.ts";
import { applicationEntity, endTokens, writeEnabled } from "./changes.ts";
import { viewApplication } from "./data.ts";
import type { ApplicationView, ApplicationWithSecret, CreateApplicationInput } from "./schema.ts";

/**
 * Makes an application. With a token, its secret counts as long as that token does; in a session it counts until it is rotated.
 * @throws AppError `conflict` where the name is taken.
 */
export async function createApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateApplicationInput;
}): Promise<ApplicationWithSecret> {
  requirePermission(ctx, "applications:write");
  const { name, consoleRole = "auditor" } = input;
  return inTransaction(database(), async (tx) => {
    const { secret, data: made } = await makeSecret(tx, ctx);
    const creating = tx.application.create({ data: { name, consoleRole, ...made } });
    const row = await refuseDuplicate(creating, { field: "name", value: name });
    const view = viewApplication(row);
    await recordEvent(tx, ctx, { action: "Create", ...applicationEntity(row), after: view });
    return { ...view, secret };
  });
}

/**
 * Gives the application another secret, which counts as that of a new one does. The old one and every token that it bought stop to
 * count.
 */
export async function rotateApplicationSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ApplicationWithSecret> {
  requirePermission(ctx, "applications:write");
  return inTransaction(database(), async (tx) => {
    const before = await findApplication(tx, input.id);
    const { secret, data } = await makeSecret(tx, ctx);
    const row = await tx.application.update({ where: { id: before.id }, data });
    await endTokens(tx, row.id);
    await recordEvent(tx, ctx, {
      action: "Update",
      ...applicationEntity(row),
      before: { ...viewApplication(before), secretRotatedAt: null },
      after: { ...viewApplication(row), secretRotatedAt: new Date().toISOString() },
    });
    return { ...viewApplication(row), secret };
  });
}

/** A disabled application gets no token, and its tokens stop to count at once. */
export async function setApplicationEnabled({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; enabled: boolean };
}): Promise<ApplicationView> {
  requirePermission(ctx, "applications:write");
  return inTransaction(database(), async (tx) => {
    const before = await findApplication(tx, input.id);
    if (before.enabled === input.enabled) return viewApplication(before);
    return viewApplication(await writeEnabled(tx, ctx, { before, enabled: input.enabled }));
  });
}

/** A new secret, and what the application's row keeps of it. */
async function makeSecret(tx: Transaction, ctx: Context) {
  const secret = createCredential("applicationSecret");
  const { ancestors, sessionId, expiresAt } = await holdMaker(tx, ctx);
  const secretHash = hashCredential(secret);
  const madeWith = { secretTokenId: ancestors.at(-1) ?? null, secretSessionId: sessionId };
  return { secret, data: { secretHash, secretExpiresAt: expiresAt, ...madeWith } };
}

async function findApplication(tx: Transaction, id: string): Promise<Application> {
  const row = await tx.application.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no application with that id.");
  return row;
}
