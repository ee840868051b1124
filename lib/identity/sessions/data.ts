import type { Actor } from "../../context.ts";
import { pool } from "../../db/connection.ts";
import { PERSON_COLUMNS, type PersonRow, personActor } from "../actor-row.ts";
import { hashSessionToken } from "./token.ts";

const FIND = `
  select ${PERSON_COLUMNS} from sessions s join users u on u.id = s.user_id
  where s.session_token = $1 and s.expires > now() and u.enabled`;

/** Whose session the cookie's value is; null where it does not count. */
export async function findSessionActor(sessionToken: string): Promise<Actor | null> {
  const { rows } = await pool().query<PersonRow>(FIND, [hashSessionToken(sessionToken)]);
  return rows[0] ? personActor(rows[0]) : null;
}
