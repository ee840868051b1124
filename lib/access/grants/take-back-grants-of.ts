import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { tellOfEnd } from "../requests/told.ts";
import { readGrant } from "./data.ts";
import { takeBackGrant } from "./steps.ts";

/**
 * Takes back what is granted to a person or a group that is removed, within the caller's transaction and before the row is gone, each with its
 * event; requests that became one of these have ended. Whoever takes over the name takes over no access.
 */
export async function takeBackGrantsOf(
  tx: Transaction,
  ctx: Context,
  { kind, id: subjectId, reason }: { kind: "user" | "group"; id: string; reason: string },
): Promise<void> {
  const grants = await tx.grant.findMany({
    where: { subjectKind: kind, subjectId, revokedAt: null },
    select: { id: true, origin: true, expiresAt: true },
  });
  for (const { id, origin, expiresAt } of grants) {
    const hasEnded = expiresAt !== null && expiresAt.getTime() <= Date.now();
    const counted = await takeBackGrant(tx, ctx, { before: await readGrant(tx, id), reason });
    if (counted && origin !== "grant" && !hasEnded) await tellOfEnd(tx, ctx, id);
  }
}
