import type { Actor, Credential } from "../../context.ts";
import { gatewayPool } from "../../db/connection.ts";
import { PERSON_COLUMNS, type PersonRow, personActor } from "../actor-row.ts";
import { hashSessionToken } from "./token.ts";

interface Row extends PersonRow {
  session_id: string;
  expires: Date;
}

const FIND = `
  select s.id as session_id, s.expires, ${PERSON_COLUMNS} from sessions s join users u on u.id = s.user_id
  where s.session_token = $1 and s.expires > now() and u.enabled`;

/** Whose session the cookie's value is, and which; null where it does not count. */
export async function findSession(
  sessionToken: string,
): Promise<{ actor: Actor; credential: Credential } | null> {
  const { rows } = await gatewayPool().query<Row>(FIND, [hashSessionToken(sessionToken)]);
  const [row] = rows;
  if (!row) return null;
  const credential: Credential = { kind: "session", id: row.session_id, expiresAt: row.expires };
  return { actor: personActor(row), credential };
}
