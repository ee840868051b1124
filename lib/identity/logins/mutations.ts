import { hasPermission, requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { writeLoginEnd } from "./write-end.ts";

/**
 * Ends a login of the command line, one's own or, for an administrator, anybody's: it can be refreshed no more, and what runs with its tokens ends within seconds.
 * @throws AppError `not_found`
 */
export async function revokeLogin({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "tokens:own");
  await inTransaction(database(), async (tx) => {
    const login = await tx.commandLineLogin.findUnique({ where: { id: input.id } });
    const isOwn = ctx.actor.kind === "user" && login?.userId === ctx.actor.id;
    if (!login || login.endedAt !== null || !(isOwn || hasPermission(ctx, "people:write")))
      throw new AppError("not_found", "There is no login with that id, or it has ended already.");
    if (!isOwn) requirePermission(ctx, "people:write");
    await writeLoginEnd(tx, ctx, { login });
  });
}
