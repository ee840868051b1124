import type { Session } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { requirePerson } from "../people/data.ts";
import { endOfSession, whereOpen } from "../session-life/open-session.ts";
import { deviceName } from "./device-name.ts";
import type { SessionView } from "./schema.ts";

/** So many are shown; a person has one a browser. */
const MOST_SHOWN = 500;

/** Whether a session counts, by its id. */
export async function isSessionOpen(id: string): Promise<boolean> {
  return (await database().session.count({ where: { id, ...whereOpen() } })) > 0;
}

/** One's own sessions that count, the one that asks first, then by when they were in use last. */
export async function listSessions({ ctx }: { ctx: Context }): Promise<SessionView[]> {
  requirePermission(ctx, "tokens:own");
  if (ctx.actor.kind !== "user") return [];
  const sessions = await listOf(ctx.actor.id);
  const views = sessions.map((session) => viewSession(session, ctx));
  return views.toSorted((a, b) => Number(b.current) - Number(a.current));
}

/**
 * The sessions of one person that count, by when they were in use last.
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
  const sessions = await listOf(input.id);
  return sessions.map((session) => viewSession(session, ctx));
}

function listOf(userId: string): Promise<Session[]> {
  return database().session.findMany({
    where: { userId, ...whereOpen() },
    orderBy: [{ lastSeenAt: "desc" }, { id: "asc" }],
    take: MOST_SHOWN,
  });
}

export function viewSession(session: Session, { credential }: Pick<Context, "credential">): SessionView {
  const { id, createdAt, lastSeenAt, provider, sourceIp, lastSeenIp, userAgent } = session;
  return {
    id,
    current: credential?.kind === "session" && credential.id === id,
    device: userAgent === null ? null : deviceName(userAgent),
    provider,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: endOfSession(session).toISOString(),
    sourceIp,
    lastSeenIp,
    userAgent,
  };
}
