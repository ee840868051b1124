import { issuerInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Transaction } from "../../db/client.ts";
import { sealRefreshToken } from "../sign-in/refresh-token.ts";

/** Somebody who has a session or a token, and whom the identity provider has not vouched for lately. */
export interface DuePerson {
  accountId: string;
  userId: string;
  /** The provider's name of the person. */
  subject: string;
  refreshToken: Uint8Array;
}

/**
 * Takes one person who is due and holds their row until the transaction ends: a refresh token may be used once (rotation), and
 * another replica takes the next.
 */
export async function takeDuePerson(
  tx: Transaction,
  { confirmedBefore, except }: { confirmedBefore: Date; except: readonly string[] },
): Promise<DuePerson | null> {
  const [due] = await tx.$queryRaw<DuePerson[]>`
    select a.id as "accountId", u.id as "userId", a.provider_account_id as subject, a.refresh_token as "refreshToken"
    from accounts a join users u on u.id = a.user_id
    where a.refresh_token is not null and a.issuer = ${issuerInEffect(config())} and u.enabled
      and (u.confirmed_at is null or u.confirmed_at < ${confirmedBefore})
      and a.id <> all(${[...except]}::uuid[])
      and (exists (select 1 from sessions s where s.user_id = u.id and s.expires > now())
        or exists (select 1 from access_tokens t
          where t.user_id = u.id and t.revoked_at is null and t.expires_at > now()))
    order by u.confirmed_at nulls first
    limit 1 for update of a skip locked`;
  return due ?? null;
}

/** The provider vouches: until this is due again, and with the next refresh token where it gave one. */
export async function keepConfirmation(
  tx: Transaction,
  { accountId, userId }: DuePerson,
  refreshToken: string | null,
): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { confirmedAt: new Date() } });
  if (refreshToken === null) return;
  const data = { refreshToken: sealRefreshToken(userId, refreshToken) };
  await tx.account.update({ where: { id: accountId }, data });
}
