import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Transaction } from "../../db/client.ts";
import { revokeTokens } from "../credential-chain/chain.ts";

/**
 * Ends logins of the command line, and the access tokens that they were given, within the caller's transaction. What runs with those ends within seconds.
 * @returns how many logins ended.
 */
export async function endLogins(tx: Transaction, which: Prisma.CommandLineLoginWhereInput): Promise<number> {
  const ended = await tx.commandLineLogin.updateManyAndReturn({
    where: { ...which, endedAt: null },
    data: { endedAt: new Date() },
    select: { id: true },
  });
  if (ended.length > 0) await revokeTokens(tx, { loginId: { in: ended.map(({ id }) => id) } });
  return ended.length;
}
