import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { actingAs, type PersonRow, WITH_GROUPS } from "../people/data.ts";
import { announceRevocation } from "../revocation.ts";
import { hashSessionToken } from "./token.ts";

export interface NewSession {
  userId: string;
  /** The cookie's value; its hash is stored. */
  sessionToken: string;
  expires: Date;
  /** The session that the browser had before: it ends. */
  replaces?: string | null;
}

/** Signs a person in: the session and the Login event are stored together. */
export async function createSession({ ctx, input }: { ctx: Context; input: NewSession }): Promise<void> {
  const { userId, expires } = input;
  await inTransaction(database(), async (tx) => {
    if (input.replaces) await remove(tx, ctx, input.replaces);
    const person = await tx.user.findUnique({ where: { id: userId }, include: WITH_GROUPS });
    if (!person?.enabled) throw new AppError("unauthenticated", "This person may not sign in.");
    await tx.session.deleteMany({ where: { userId, expires: { lt: new Date() } } });
    await tx.session.create({
      data: { userId, expires, sessionToken: hashSessionToken(input.sessionToken) },
    });
    await tx.user.update({ where: { id: userId }, data: { lastLoginAt: new Date() } });
    await recordEvent(tx, actingAs(ctx, person), { action: "Login", ...loginOf(person) });
  });
}

/** Signs out. A session that is gone already is no error and no event. */
export async function endSession({
  ctx,
  input,
}: {
  ctx: Context;
  input: { sessionToken: string };
}): Promise<void> {
  await inTransaction(database(), (tx) => remove(tx, ctx, input.sessionToken));
}

async function remove(tx: Transaction, ctx: Context, sessionToken: string): Promise<void> {
  const session = await tx.session.findUnique({
    where: { sessionToken: hashSessionToken(sessionToken) },
    include: { user: { include: WITH_GROUPS } },
  });
  if (!session) return;
  await tx.session.delete({ where: { id: session.id } });
  await announceRevocation(tx, { kind: "session", id: session.id });
  if (session.expires.getTime() <= Date.now()) return;
  await recordEvent(tx, actingAs(ctx, session.user), {
    ...{ action: "Login", operation: "Logout", ...loginOf(session.user) },
  });
}

const loginOf = (person: PersonRow) => ({
  entityType: "Login" as const,
  entityId: person.id,
  entityName: person.email,
});
