import type { CommandLineLogin } from "../../../prisma/generated/client.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { endLogins } from "../login-life/end-logins.ts";

/** Ends all logins of a person, each with its event. @returns how many ended. */
export async function writeLoginEnds(
  tx: Transaction,
  ctx: Context,
  { userId }: { userId: string },
): Promise<number> {
  const logins = await tx.commandLineLogin.findMany({
    where: { userId, endedAt: null, expiresAt: { gt: new Date() } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  let ended = 0;
  for (const login of logins) if (await writeLoginEnd(tx, ctx, { login })) ended += 1;
  return ended;
}

/** Ends a login with its event. One that has ended already stays as it is. */
export async function writeLoginEnd(
  tx: Transaction,
  ctx: Context,
  { login, reason }: { login: CommandLineLogin; reason?: string },
): Promise<boolean> {
  if ((await endLogins(tx, { id: login.id })) === 0) return false;
  const { id, name, flow, userId, createdAt, createdFrom } = login;
  await recordEvent(tx, ctx, {
    action: "Delete",
    operation: "Revoke",
    entityType: "Session",
    entityId: id,
    entityName: name,
    before: {
      client: "kubewitness-cli",
      name,
      flow,
      userId,
      createdAt: createdAt.toISOString(),
      createdFrom,
    },
    after: reason === undefined ? undefined : { reason },
  });
  return true;
}
