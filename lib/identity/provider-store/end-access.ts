import { issuerName } from "../../config/issuer.ts";
import type { Transaction } from "../../db/client.ts";
import { announceRevocation, announceRevocationOfIssuer } from "../../revocation/revocation.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { endLogins } from "../login-life/end-logins.ts";

/** Ends what a provider let in that does not count any more: sessions that were begun with it, what was made in them, and what its people run. */
export async function endAccessOf(
  tx: Transaction,
  { id, issuer }: { id: string; issuer: string },
): Promise<void> {
  const sessions = await tx.$queryRaw<{ id: string }[]>`
    delete from sessions where provider = ${id} or user_id in (select id from users where issuer = ${issuerName(issuer)}) returning id`;
  for (const session of sessions) {
    await announceRevocation(tx, { kind: "session", id: session.id });
    await revokeTokens(tx, { sessionId: session.id });
  }
  await endLogins(tx, {
    OR: [
      { sessionId: { in: sessions.map((session) => session.id) } },
      { user: { issuer: issuerName(issuer) } },
    ],
  });
  await announceRevocationOfIssuer(tx, issuerName(issuer));
}
