import { hasPermission, requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { announceRevocation } from "../../revocation/revocation.ts";
import { disableApplicationsOf } from "../applications/changes.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { actingAs, type PersonRow, WITH_GROUPS } from "../people/data.ts";
import { viewSession } from "./data.ts";
import { hashSessionToken } from "./token.ts";

export interface NewSession {
  userId: string;
  /** The id of the provider that vouches for the person. */
  provider: string;
  /** The cookie's value; its hash is stored. */
  sessionToken: string;
  expires: Date;
  /** When a second factor was shown; left out where none was. */
  secondFactorAt?: Date;
  /** The session that the browser had before: it ends. */
  replaces?: string | null;
}

/** Signs a person in: the session and the Login event are stored together. */
export async function createSession({ ctx, input }: { ctx: Context; input: NewSession }): Promise<void> {
  const { userId, provider, expires } = input;
  await inTransaction(database(), async (tx) => {
    if (input.replaces) await remove(tx, ctx, input.replaces);
    const person = await tx.user.findUnique({ where: { id: userId }, include: WITH_GROUPS });
    if (!person?.enabled) throw new AppError("unauthenticated", "This person may not sign in.");
    await tx.session.deleteMany({ where: { userId, expires: { lt: new Date() } } });
    await tx.session.create({
      data: {
        userId,
        provider,
        expires,
        secondFactorAt: input.secondFactorAt,
        sessionToken: hashSessionToken(input.sessionToken),
        sourceIp: ctx.sourceIp,
        userAgent: ctx.userAgent,
      },
    });
    await tx.user.update({ where: { id: userId }, data: { lastLoginAt: new Date() } });
    await recordEvent(tx, actingAs(ctx, person), {
      action: "Login",
      ...loginOf(person),
      requestBody: { provider },
    });
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

/**
 * Ends somebody's session as one that is not to be trusted: what was made in it ends with it, tokens and applications' secrets.
 * One's own, or, for an administrator, anybody's.
 * @throws AppError `not_found`
 */
export async function revokeSession({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "tokens:own");
  await inTransaction(database(), async (tx) => {
    const session = await tx.session.findUnique({
      where: { id: input.id },
      include: { user: { include: WITH_GROUPS } },
    });
    const isOwn = ctx.actor.kind === "user" && session?.userId === ctx.actor.id;
    if (!session || !(isOwn || hasPermission(ctx, "people:write"))) {
      throw new AppError("not_found", "There is no session with that id, or it has ended already.");
    }
    const { count } = await tx.session.deleteMany({ where: { id: session.id } });
    if (count === 0) return;
    await announceRevocation(tx, { kind: "session", id: session.id });
    const endedWithIt = await revokeTokens(tx, { sessionId: session.id });
    await disableApplicationsOf(tx, ctx, { sessionId: session.id });
    await recordEvent(tx, ctx, {
      action: "Delete",
      operation: "Revoke",
      ...loginOf(session.user),
      before: viewSession(session),
      after: { endedWithIt },
    });
  });
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
    action: "Login",
    operation: "Logout",
    ...loginOf(session.user),
    requestBody: { provider: session.provider },
  });
}

const loginOf = (person: PersonRow) => ({
  entityType: "Login" as const,
  entityId: person.id,
  entityName: person.email,
});
