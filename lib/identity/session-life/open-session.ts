import { Prisma } from "../../../prisma/generated/client.ts";
import { config } from "../../config.ts";

/** So often at most is written that a session is in use: a write a request would cost more than the answer is worth. */
const SEEN_EVERY_MS = 60_000;

/**
 * SQL: whether `sessions s` counts: it has not ended, is not older than sessions.lifetime, and was in use within sessions.idle. The two
 * parameters take the values of `sessionLimits`.
 */
export const isOpenSql = (lifetime: string, idle: string): string =>
  `(s.expires > now() and s.created_at > now() - ${milliseconds(lifetime)} and s.last_seen_at > now() - ${milliseconds(idle)})`;

/** The same for Prisma's raw queries. */
export function isOpenFragment(): Prisma.Sql {
  const [lifetime, idle] = sessionLimits();
  return Prisma.sql`(s.expires > now()
    and s.created_at > now() - ${lifetime}::float8 * interval '1 millisecond'
    and s.last_seen_at > now() - ${idle}::float8 * interval '1 millisecond')`;
}

/** The same for Prisma's own. */
export function whereOpen(now = Date.now()) {
  const [lifetime, idle] = sessionLimits();
  return {
    expires: { gt: new Date(now) },
    createdAt: { gt: new Date(now - lifetime) },
    lastSeenAt: { gt: new Date(now - idle) },
  };
}

/** sessions.lifetime and sessions.idle as they are now; milliseconds. */
export function sessionLimits(): [lifetime: number, idle: number] {
  const { lifetimeMs, idleMs } = config().sessions;
  return [lifetimeMs, idleMs];
}

/** How old what is written of a session's use may be; milliseconds. */
export const seenEveryMs = (): number => Math.min(SEEN_EVERY_MS, config().sessions.idleMs / 4);

/** When a session ends at the latest, used or not. */
export function endOfSession({ createdAt, expires }: { createdAt: Date; expires: Date }): Date {
  return new Date(Math.min(expires.getTime(), createdAt.getTime() + config().sessions.lifetimeMs));
}

export const milliseconds = (parameter: string): string => `${parameter}::float8 * interval '1 millisecond'`;
