import type { Session } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Actor, Context, Credential } from "../../context.ts";
import { database, gatewayPool } from "../../db/connection.ts";
import { PERSON_COLUMNS, type PersonRow, personActor, VOUCHED_FOR } from "../actor/actor-row.ts";
import { requirePerson } from "../people/data.ts";
import type { SessionView } from "./schema.ts";
import { hashSessionToken } from "./token.ts";

/** So many are shown; a person has one a browser. */
const MOST_SHOWN = 500;

interface Row extends PersonRow {
  session_id: string;
  expires: Date;
  second_factor_at: Date | null;
}

const FIND = `
  select s.id as session_id, s.expires, s.second_factor_at, ${PERSON_COLUMNS} from sessions s join users u on u.id = s.user_id
  where s.session_token = $1 and s.expires > now() and u.enabled and ${VOUCHED_FOR}`;

/** Whose session the cookie's value is, and which; null where it does not count. */
export async function findSession(
  sessionToken: string,
): Promise<{ actor: Actor; credential: Credential } | null> {
  const { rows } = await gatewayPool().query<Row>(FIND, [
    hashSessionToken(sessionToken),
    issuersInEffect(config()),
  ]);
  const [row] = rows;
  if (!row) return null;
  const { session_id: id, expires: expiresAt, second_factor_at: secondFactorAt } = row;
  const credential: Credential = { kind: "session", id, expiresAt, secondFactorAt };
  return { actor: personActor(row), credential };
}

/** Whether a session counts, by its id. */
export async function isSessionOpen(id: string): Promise<boolean> {
  return (await database().session.count({ where: { id, expires: { gt: new Date() } } })) > 0;
}

/**
 * The sessions of one person that count, newest first.
 * @throws AppError `not_found`
 */
export async function listSessionsOf({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<SessionView[]> {
  requirePermission(ctx, "people:read");
  await requirePerson(input.id);
  const sessions = await database().session.findMany({
    where: { userId: input.id, expires: { gt: new Date() } },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: MOST_SHOWN,
  });
  return sessions.map(viewSession);
}

export function viewSession({ id, createdAt, expires, sourceIp, userAgent }: Session): SessionView {
  return { id, createdAt: createdAt.toISOString(), expiresAt: expires.toISOString(), sourceIp, userAgent };
}
