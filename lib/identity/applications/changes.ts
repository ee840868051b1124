import type { Application } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { announceRevocation } from "../../revocation/revocation.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { viewApplication } from "./data.ts";

// Steps of the mutations, each within its caller's transaction.

export const applicationEntity = (row: Application) => ({
  entityType: "Applications" as const,
  entityId: row.id,
  entityName: row.name,
});

interface EnabledChange {
  before: Application;
  enabled: boolean;
  reason?: string;
}

/** The change, what it revokes, and the event. */
export async function writeEnabled(
  tx: Transaction,
  ctx: Context,
  { before, enabled, reason }: EnabledChange,
): Promise<Application> {
  const row = await tx.application.update({ where: { id: before.id }, data: { enabled } });
  if (!enabled) await endTokens(tx, row.id);
  const after = viewApplication(row);
  await recordEvent(tx, ctx, {
    action: "Update",
    operation: enabled ? "Enable" : "Disable",
    ...applicationEntity(row),
    before: viewApplication(before),
    after: reason === undefined ? after : { ...after, reason },
  });
  return row;
}

/** What the row has where no secret counts beside the present one. */
export const NO_PREVIOUS_SECRET = {
  previousSecretId: null,
  previousSecretHash: null,
  previousSecretEndsAt: null,
  previousSecretTokenId: null,
  previousSecretSessionId: null,
};

/** Ends the secret before the present one, with every token that the present one did not buy. */
export async function forgetPrevious(
  tx: Transaction,
  ctx: Context,
  { before, reason }: { before: Application; reason?: string },
): Promise<void> {
  const row = await tx.application.update({ where: { id: before.id }, data: NO_PREVIOUS_SECRET });
  const bought = [{ secretId: null }, { secretId: { not: row.secretId } }];
  await revokeTokens(tx, { applicationId: row.id, OR: bought });
  const after = viewApplication(row);
  await recordEvent(tx, ctx, {
    action: "Update",
    operation: "Revoke",
    ...applicationEntity(row),
    before: viewApplication(before),
    after: reason === undefined ? after : { ...after, reason },
  });
}

/** Disables the applications whose present secret was made in a session that is being revoked; where it was the one before, that ends. */
export async function disableApplicationsOf(
  tx: Transaction,
  ctx: Context,
  { sessionId }: { sessionId: string },
): Promise<void> {
  const made = await tx.application.findMany({ where: { secretSessionId: sessionId, enabled: true } });
  const reason = "its secret was made in a session that was revoked";
  for (const before of made) await writeEnabled(tx, ctx, { before, enabled: false, reason });
  const rotated = await tx.application.findMany({ where: { previousSecretSessionId: sessionId } });
  for (const before of rotated) await forgetPrevious(tx, ctx, { before, reason });
}

export async function endTokens(tx: Transaction, applicationId: string): Promise<void> {
  await revokeTokens(tx, { applicationId });
  await announceRevocation(tx, { kind: "application", id: applicationId });
}

/** Ends the tokens that would count longer than until then. */
export async function endTokensAfter(tx: Transaction, applicationId: string, until: Date): Promise<void> {
  await revokeTokens(tx, { applicationId, expiresAt: { gt: until } });
}
