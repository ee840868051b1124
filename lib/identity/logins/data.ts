import { Prisma } from "../../../prisma/generated/client.ts";
import { readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { isLoginOpen, lastUseOfLogin, loginLimits } from "../login-life/login-limits.ts";
import { requirePerson } from "../people/data.ts";
import type { LoginView } from "./schema.ts";

/** More than one person may have. */
const MOST_SHOWN = 200;

interface Row {
  id: string;
  name: string;
  flow: string;
  scopes: string[];
  user_agent: string | null;
  created_at: Date;
  created_from: string | null;
  last_use: Date;
  last_used_from: string | null;
  expires_at: Date;
}

/** One's own logins of the command line that count, by when they were in use last. */
export async function listLogins({ ctx }: { ctx: Context }): Promise<LoginView[]> {
  requirePermission(ctx, "tokens:own");
  return ctx.actor.kind === "user" ? listOf(ctx.actor.id) : [];
}

/**
 * Those of one person.
 * @throws AppError `not_found`
 */
export async function listLoginsOf({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<LoginView[]> {
  requirePermission(ctx, "people:read");
  await requirePerson(input.id);
  return listOf(input.id);
}

async function listOf(userId: string): Promise<LoginView[]> {
  const rows = await database().$queryRaw<Row[]>`
    select l.id, l.name, l.flow, l.scopes, l.user_agent, l.created_at, l.created_from, l.expires_at, ${lastUseOfLogin()} as last_use,
      coalesce((select used.last_used_from from access_tokens used where used.login_id = l.id and used.last_used_at > l.last_used_at
        order by used.last_used_at desc limit 1), l.last_used_from) as last_used_from
    from command_line_logins l where l.user_id = ${userId}::uuid and ${isLoginOpen()}
    order by last_use desc, l.id limit ${Prisma.sql`${MOST_SHOWN}`}`;
  return rows.map(viewLogin);
}

function viewLogin(row: Row): LoginView {
  const end = Math.min(row.expires_at.getTime(), row.created_at.getTime() + loginLimits().lifetimeMs);
  return {
    id: row.id,
    name: row.name,
    flow: row.flow === "device" ? "device" : "code",
    scopes: readScopes(row.scopes)?.slice() ?? null,
    createdAt: row.created_at.toISOString(),
    createdFrom: row.created_from,
    lastUsedAt: row.last_use.toISOString(),
    lastUsedFrom: row.last_used_from,
    expiresAt: new Date(end).toISOString(),
    userAgent: row.user_agent,
  };
}
