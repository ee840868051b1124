import { Prisma } from "../../../prisma/generated/client.ts";
import { config } from "../../config.ts";

/** How long a login of the command line may last and be without use, as it is configured now; milliseconds. */
export function loginLimits(): { lifetimeMs: number; idleMs: number } {
  const { commandLine, tokens } = config();
  return { lifetimeMs: Math.min(commandLine.lifetimeMs, tokens.lifetimeMs), idleMs: commandLine.idleMs };
}

/** SQL: whether `command_line_logins l` counts. What its access tokens were used for is use of it. */
export function isLoginOpen(): Prisma.Sql {
  const { lifetimeMs, idleMs } = loginLimits();
  return Prisma.sql`(l.ended_at is null and l.expires_at > now()
    and l.created_at > now() - ${lifetimeMs}::float8 * interval '1 millisecond'
    and ${lastUseOfLogin()} > now() - ${idleMs}::float8 * interval '1 millisecond')`;
}

/** SQL: when it was in use last. */
export const lastUseOfLogin = (): Prisma.Sql =>
  Prisma.sql`greatest(l.last_used_at, (select max(used.last_used_at) from access_tokens used where used.login_id = l.id))`;
