import type { Application } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { announceRevocation } from "../revocation.ts";
import { createCredential, hashCredential } from "../tokens/format.ts";
import { viewApplication } from "./data.ts";
import type { ApplicationView, ApplicationWithSecret, CreateApplicationInput } from "./schema.ts";

const entity = (row: Application) => ({
  entityType: "Applications" as const,
  entityId: row.id,
  entityName: row.name,
});

/** @throws AppError `conflict` where the name is taken. */
export async function createApplication({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateApplicationInput;
}): Promise<ApplicationWithSecret> {
  requirePermission(ctx, "applications:write");
  const secret = createCredential("applicationSecret");
  const data = {
    name: input.name,
    consoleRole: input.consoleRole ?? "auditor",
    secretHash: hashCredential(secret),
  };
  return inTransaction(database(), async (tx) => {
    const row = await refuseDuplicate(tx.application.create({ data }), { field: "name", value: input.name });
    const view = viewApplication(row);
    await recordEvent(tx, ctx, { action: "Create", ...entity(row), after: view });
    return { ...view, secret };
  });
}

/** Gives the application another secret. The old one and every token that it bought stop to count. */
export async function rotateApplicationSecret({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ApplicationWithSecret> {
  requirePermission(ctx, "applications:write");
  const secret = createCredential("applicationSecret");
  return inTransaction(database(), async (tx) => {
    const before = await findApplication(tx, input.id);
    const row = await tx.application.update({
      where: { id: before.id },
      data: { secretHash: hashCredential(secret) },
    });
    await revokeTokens(tx, row.id);
    await recordEvent(tx, ctx, {
      ...{ action: "Update", ...entity(row) },
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
    const row = await tx.application.update({ where: { id: before.id }, data: { enabled: input.enabled } });
    if (!input.enabled) await revokeTokens(tx, row.id);
    await recordEvent(tx, ctx, {
      ...{ action: "Update", operation: input.enabled ? "Enable" : "Disable", ...entity(row) },
      ...{ before: viewApplication(before), after: viewApplication(row) },
    });
    return viewApplication(row);
  });
}

async function findApplication(tx: Transaction, id: string): Promise<Application> {
  const row = await tx.application.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no application with that id.");
  return row;
}

async function revokeTokens(tx: Transaction, applicationId: string): Promise<void> {
  await tx.accessToken.updateMany({
    where: { applicationId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  await announceRevocation(tx, { kind: "application", id: applicationId });
}
