import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Actor, Credential } from "../../context.ts";
import { gatewayPool } from "../../db/connection.ts";
import { PERSON_COLUMNS, type PersonRow, personActor, VOUCHED_FOR } from "../actor/actor-row.ts";
import {
  endOfSession,
  isOpenSql,
  milliseconds,
  seenEveryMs,
  sessionLimits,
} from "../session-life/open-session.ts";
import { hashSessionToken } from "./token.ts";

interface Row extends PersonRow {
  session_id: string;
  created_at: Date;
  expires: Date;
  second_factor_at: Date | null;
}

const IS_OPEN = isOpenSql("$3", "$4");
const FIND = `
  select s.id as session_id, s.created_at, s.expires, s.second_factor_at, ${PERSON_COLUMNS} from sessions s join users u on u.id = s.user_id
  where s.session_token = $1 and ${IS_OPEN} and u.enabled and ${VOUCHED_FOR}`;
// Nobody waits for who holds the row: it is being written by another request, or something is made in the session.
const FIND_SEEN = `
  with seen as (
    update sessions set last_seen_at = now(), last_seen_ip = $6 where id = (
      select s.id from sessions s where s.session_token = $1 and ${IS_OPEN} and s.last_seen_at < now() - ${milliseconds("$5")}
      for no key update skip locked)
  ) ${FIND}`;

/**
 * Whose session the cookie's value is, and which; null where it does not count. `seen`: somebody uses it, from that address; without, it is
 * only asked about.
 */
export async function findSession(
  sessionToken: string,
  { seen }: { seen?: { sourceIp: string | null } } = {},
): Promise<{ actor: Actor; credential: Credential } | null> {
  const values = [hashSessionToken(sessionToken), issuersInEffect(config()), ...sessionLimits()];
  const { rows } = seen
    ? await gatewayPool().query<Row>(FIND_SEEN, [...values, seenEveryMs(), seen.sourceIp])
    : await gatewayPool().query<Row>(FIND, values);
  const [row] = rows;
  if (!row) return null;
  const expiresAt = endOfSession({ createdAt: row.created_at, expires: row.expires });
  const { session_id: id, second_factor_at: secondFactorAt } = row;
  const credential: Credential = { kind: "session", id, expiresAt, secondFactorAt };
  return { actor: personActor(row), credential };
}

const SEE = `
  update sessions set last_seen_at = now(), last_seen_ip = $4 where id = (
    select s.id from sessions s where s.id = $1 and ${isOpenSql("$2", "$3")} for no key update skip locked)`;

/** Somebody uses a session by another way than a request: types in a terminal that was opened in it. */
export async function noteSessionUse({
  id,
  sourceIp,
}: {
  id: string;
  sourceIp: string | null;
}): Promise<void> {
  await gatewayPool().query(SEE, [id, ...sessionLimits(), sourceIp]);
}
