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

/** Disables the applications whose present secret was made in a session that is being revoked. */
export async function disableApplicationsOf(
  tx: Transaction,
  ctx: Context,
  { sessionId }: { sessionId: string },
): Promise<void> {
  const made = await tx.application.findMany({ where: { secretSessionId: sessionId, enabled: true } });
  const reason = "its secret was made in a session that was revoked";
  for (const before of made) await writeEnabled(tx, ctx, { before, enabled: false, reason });
}

export async function endTokens(tx: Transaction, applicationId: string): Promise<void> {
  await revokeTokens(tx, { applicationId });
  await announceRevocation(tx, { kind: "application", id: applicationId });
}
