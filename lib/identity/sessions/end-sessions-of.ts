import type { Transaction } from "../../db/client.ts";
import { announceRevocation } from "../../revocation/revocation.ts";
import { endLogins } from "../login-life/end-logins.ts";

/**
 * Ends a person's sessions and logins of the command line where what they sign in with has changed, within the caller's transaction, and tells what runs in them.
 * @param except the id of the session that goes on.
 * @returns how many sessions ended.
 */
export async function endSessionsOf(
  tx: Transaction,
  { userId, except }: { userId: string; except?: string },
): Promise<number> {
  const sessions = await tx.session.findMany({
    where: { userId, id: { not: except } },
    select: { id: true },
  });
  await tx.session.deleteMany({ where: { id: { in: sessions.map(({ id }) => id) } } });
  for (const { id } of sessions) await announceRevocation(tx, { kind: "session", id });
  await endLogins(tx, { userId });
  return sessions.length;
}
