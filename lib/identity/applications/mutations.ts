import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Application } from "../../../prisma/generated/client.ts";
import { keepScopes, readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { boundsWithin, type KeyBounds } from "../credential-chain/bounds.ts";
import { holdMaker } from "../credential-chain/chain.ts";
import { createCredential, hashCredential } from "../tokens/format.ts";
import {
  applicationEntity,
  endTokens,
  endTokensAfter,
  forgetPrevious,
  NO_PREVIOUS_SECRET,
  writeEnabled,
} from "./changes.ts";
import { viewApplication } from "./data.ts";
import {
  type ApplicationView,
  type ApplicationWithSecret,
  type BoundApplicationInput,
  CreateApplicationInput,
  type RotateSecretInput,
} from "./schema.ts";

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
  const { name, consoleRole, ...asked } = CreateApplicationInput.parse(input);
  return inTransaction(database(), async (tx) => {
    const { secret, maker, data: made } = await makeSecret(tx, ctx);
    const bounds = keepBounds(boundsWithin(maker, asked));
    const creating = tx.application.create({ data: { name, consoleRole, ...bounds, ...made } });
    const row = await refuseDuplicate(creating, { field: "name", value: name });
    const view = viewApplication(row);
    await recordEvent(tx, ctx, { action: "Create", ...applicationEntity(row), after: view });
    return { ...view, secret };
  });
}

/**
 * Gives the application another secret, which counts as that of a new one does. The one before counts beside it for as long as is asked, else it
 * ends, with every token that it bought; so do, in any case, tokens that would outlive it. One that was before that ends now.
 */
export async function rotateApplicationSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & RotateSecretInput;
}): Promise<ApplicationWithSecret> {
  requirePermission(ctx, "applications:write");
  const { keepOldForMs = 0 } = input;
  return inTransaction(database(), async (tx) => {
    const before = await holdApplication(tx, input.id);
    const { secret, data } = await makeSecret(tx, ctx);
    const previous = previousSecret(before, keepOldForMs);
    const row = await tx.application.update({ where: { id: before.id }, data: { ...data, ...previous } });
    if (previous.previousSecretEndsAt === null) await endTokens(tx, row.id);
    else await endTokensAfter(tx, row.id, previous.previousSecretEndsAt);
    await recordEvent(tx, ctx, {
      action: "Update",
      operation: "Rotate",
      ...applicationEntity(row),
      before: viewApplication(before),
      after: viewApplication(row),
    });
    return { ...viewApplication(row), secret };
  });
}

/** Ends the secret before the present one, and every token that it bought, before its time. Where there is none, nothing is done. */
export async function endPreviousSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<void> {
  requirePermission(ctx, "applications:write");
  await inTransaction(database(), async (tx) => {
    const before = await holdApplication(tx, input.id);
    if (before.previousSecretHash !== null) await forgetPrevious(tx, ctx, { before });
  });
}

/** Changes what its tokens may be used for, and from where. Those that it has end: others are bought with what counts now. */
export async function boundApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string } & BoundApplicationInput;
}): Promise<ApplicationView> {
  requirePermission(ctx, "applications:write");
  return inTransaction(database(), async (tx) => {
    const before = await holdApplication(tx, input.id);
    const { scopes = readScopes(before.scopes), networks = before.networks } = input;
    const bounds = keepBounds(boundsWithin(await holdMaker(tx, ctx), { scopes, networks }));
    const kept = { scopes: before.scopes, networks: before.networks };
    if (isDeepStrictEqual(kept, bounds)) return viewApplication(before);
    const row = await tx.application.update({ where: { id: before.id }, data: bounds });
    await endTokens(tx, row.id);
    const views = { before: viewApplication(before), after: viewApplication(row) };
    await recordEvent(tx, ctx, { action: "Update", ...applicationEntity(row), ...views });
    return views.after;
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
  const maker = await holdMaker(tx, ctx);
  const data = {
    secretId: randomUUID(),
    secretHash: hashCredential(secret),
    secretCreatedAt: new Date(),
    secretExpiresAt: maker.expiresAt,
    secretTokenId: maker.ancestors.at(-1) ?? null,
    secretSessionId: maker.sessionId,
  };
  return { secret, maker, data };
}

/** What the row keeps of the secret that is replaced. */
function previousSecret(before: Application, keepForMs: number) {
  if (keepForMs === 0) return NO_PREVIOUS_SECRET;
  return {
    previousSecretId: before.secretId,
    previousSecretHash: before.secretHash,
    previousSecretEndsAt: new Date(Date.now() + keepForMs),
    previousSecretTokenId: before.secretTokenId,
    previousSecretSessionId: before.secretSessionId,
  };
}

const keepBounds = ({ scopes, networks }: KeyBounds) => ({
  scopes: keepScopes(scopes),
  networks: [...networks],
});

/** Holds the application until the transaction ends: one change after another. */
async function holdApplication(tx: Transaction, id: string): Promise<Application> {
  await tx.$executeRaw`select 1 from applications where id = ${id}::uuid for update`;
  return findApplication(tx, id);
}

async function findApplication(tx: Transaction, id: string): Promise<Application> {
  const row = await tx.application.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no application with that id.");
  return row;
}
