import { database } from "../../db/connection.ts";
import { isLoginOpen } from "../login-life/login-limits.ts";
import { isOpenFragment } from "../session-life/open-session.ts";
import { sealRefreshToken } from "../sign-in/refresh-token.ts";

/** Somebody who has a session, a login of the command line or a token, and whom the identity provider has not vouched for lately. */
export interface DuePerson {
  accountId: string;
  userId: string;
  /** The provider's name of the person. */
  subject: string;
  /** Sealed. */
  refreshToken: Uint8Array<ArrayBuffer>;
  /** Whether the question before this one broke off: its refresh token may have been spent, and the next one lost. */
  wasBrokenOff: boolean;
}

/** So long nobody else asks about a person; longer than an answer is tried to be kept (keep-answer.ts). */
const LEASE_MINUTES = 15;

/**
 * Takes one person who is due: until they are released, or for a quarter of an hour, no other replica does. No transaction stays open
 * while the provider is asked: what it answers must not be undone with one.
 */
export async function takeDuePerson({
  issuer,
  confirmedBefore,
  except,
}: {
  /** Whose people they are. */
  issuer: string;
  confirmedBefore: Date;
  except: readonly string[];
}): Promise<DuePerson | null> {
  const [due] = await database().$queryRaw<DuePerson[]>`
    with due as (
      select a.id, a.asked_at from accounts a join users u on u.id = a.user_id
      where a.refresh_token is not null and a.issuer = ${issuer} and u.enabled
        and (a.asked_at is null or a.asked_at < now() - make_interval(mins => ${LEASE_MINUTES}))
        and (u.confirmed_at is null or u.confirmed_at < ${confirmedBefore})
        and a.id <> all(${[...except]}::uuid[])
        and (exists (select 1 from sessions s where s.user_id = u.id and ${isOpenFragment()})
          or exists (select 1 from command_line_logins l where l.user_id = u.id and ${isLoginOpen()})
          or exists (select 1 from access_tokens t
            where t.user_id = u.id and t.revoked_at is null and t.expires_at > now()))
      order by u.confirmed_at nulls first
      limit 1 for update of a skip locked
    )
    update accounts a set asked_at = now() from due where a.id = due.id
    returning a.id as "accountId", a.user_id as "userId", a.provider_account_id as subject,
      a.refresh_token as "refreshToken", due.asked_at is not null as "wasBrokenOff"`;
  return due ?? null;
}

/** Keeps the refresh token that comes after the one that was redeemed; not where a sign-in brought another meanwhile. */
export async function keepRefreshToken(
  { accountId, userId, refreshToken }: DuePerson,
  next: string,
): Promise<void> {
  const data = { refreshToken: sealRefreshToken(userId, next) };
  await database().account.updateMany({ where: { id: accountId, refreshToken }, data });
}

/** The provider vouches: until this is due again. */
export async function keepConfirmation({ userId }: DuePerson): Promise<void> {
  await database().user.update({ where: { id: userId }, data: { confirmedAt: new Date() } });
}

/** The question came to an end: whoever is due may be taken again. */
export async function releasePerson({ accountId }: DuePerson): Promise<void> {
  await database().account.updateMany({ where: { id: accountId }, data: { askedAt: null } });
}
