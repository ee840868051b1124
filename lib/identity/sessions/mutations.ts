import type { Prisma } from "../../../prisma/generated/client.ts";
import { hasPermission, requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { announceRevocation } from "../../revocation/revocation.ts";
import { disableApplicationsOf } from "../applications/changes.ts";
import { revokeTokens } from "../credential-chain/chain.ts";
import { endLogins } from "../login-life/end-logins.ts";
import { writeLoginEnds } from "../logins/write-end.ts";
import { actingAs, type PersonRow, requirePerson, WITH_GROUPS } from "../people/data.ts";
import { revokeScimTokensOf } from "../scim/revoke-tokens-of.ts";
import { whereOpen } from "../session-life/open-session.ts";
import { type SessionAtProvider, sealSignOut } from "./at-provider.ts";
import { viewSession } from "./data.ts";
import type { EndedSessions } from "./schema.ts";
import { hashSessionToken } from "./token.ts";

const WITH_PERSON = { user: { include: WITH_GROUPS } } as const;
type SessionWithPerson = Prisma.SessionGetPayload<{ include: typeof WITH_PERSON }>;

export interface NewSession {
  userId: string;
  /** The id of the provider that vouches for the person. */
  provider: string;
  /** The cookie's value; its hash is stored. */
  sessionToken: string;
  expires: Date;
  /** When a second factor was shown; left out where none was. */
  secondFactorAt?: Date;
  /** What is known of the provider's own session. */
  atProvider?: SessionAtProvider;
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
    await tx.session.deleteMany({ where: { userId, NOT: whereOpen() } });
    const sessionToken = hashSessionToken(input.sessionToken);
    await tx.session.create({
      data: {
        userId,
        provider,
        expires,
        secondFactorAt: input.secondFactorAt,
        sessionToken,
        providerSessionId: input.atProvider?.id ?? null,
        providerSignOut: sealSignOut(sessionToken, input.atProvider?.signOut ?? null),
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
 * @throws AppError `not_found`, `second_factor_required` for another's where a setting demands one.
 */
export async function revokeSession({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  requirePermission(ctx, "tokens:own");
  await inTransaction(database(), async (tx) => {
    const session = await tx.session.findUnique({ where: { id: input.id }, include: WITH_PERSON });
    const isOwn = ctx.actor.kind === "user" && session?.userId === ctx.actor.id;
    if (!session || !(isOwn || hasPermission(ctx, "people:write"))) {
      throw new AppError("not_found", "There is no session with that id, or it has ended already.");
    }
    if (!isOwn) requirePermission(ctx, "people:write");
    await revoke(tx, ctx, session);
  });
}

/**
 * Ends all of one's own sessions but the one that asks, each as `revokeSession` does, and all logins of the command line.
 * @throws AppError `permission_denied` for who asks with a token: it is none of the sessions.
 */
export async function revokeOtherSessions({ ctx }: { ctx: Context }): Promise<EndedSessions> {
  requirePermission(ctx, "tokens:own");
  const { actor, credential } = ctx;
  if (actor.kind !== "user" || credential?.kind !== "session") {
    throw new AppError("permission_denied", "The other sessions are ended from a console session alone.");
  }
  return revokeAll(ctx, { userId: actor.id, except: credential.id });
}

/**
 * Ends all sessions of a person, each as `revokeSession` does, and all logins of the command line.
 * @throws AppError `not_found`
 */
export async function revokeSessionsOf({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<EndedSessions> {
  requirePermission(ctx, "people:write");
  await requirePerson(input.id);
  return revokeAll(ctx, { userId: input.id });
}

function revokeAll(
  ctx: Context,
  { userId, except }: { userId: string; except?: string },
): Promise<EndedSessions> {
  return inTransaction(database(), async (tx) => {
    const logins = await writeLoginEnds(tx, ctx, { userId });
    const sessions = await tx.session.findMany({
      where: { userId, id: { not: except }, ...whereOpen() },
      include: WITH_PERSON,
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    let ended = 0;
    for (const session of sessions) ended += await revoke(tx, ctx, session);
    return { ended, logins };
  });
}

/** @returns 0 where another ended it first. */
async function revoke(tx: Transaction, ctx: Context, session: SessionWithPerson): Promise<number> {
  const { count } = await tx.session.deleteMany({ where: { id: session.id } });
  if (count === 0) return 0;
  await announceRevocation(tx, { kind: "session", id: session.id });
  const endedWithIt = await revokeTokens(tx, { sessionId: session.id });
  const loginsEnded = await endLogins(tx, { sessionId: session.id });
  await disableApplicationsOf(tx, ctx, { sessionId: session.id });
  await revokeScimTokensOf(tx, ctx, { sessionId: session.id });
  await recordEvent(tx, ctx, {
    action: "Delete",
    operation: "Revoke",
    entityType: "Session",
    entityId: session.id,
    entityName: session.user.email,
    before: viewSession(session, ctx),
    after: { endedWithIt, loginsEnded },
  });
  return count;
}

export interface SessionsAtProvider {
  /** The id of the provider, and what its people are kept under. */
  provider: string;
  issuer: string;
  /** What the provider calls the session; null: every one of the person. */
  sessionId: string | null;
  /** The provider's name of the person; null: whoever has the session. */
  subject: string | null;
}

/**
 * Signs out whom the provider says have signed out there. Sessions that were begun with another provider go on.
 * @returns how many sessions ended.
 */
export async function endSessionsAtProvider({
  ctx,
  input,
}: {
  ctx: Context;
  input: SessionsAtProvider;
}): Promise<number> {
  const { provider, issuer, sessionId, subject } = input;
  if (sessionId === null && subject === null) return 0;
  return inTransaction(database(), async (tx) => {
    const sessions = await tx.session.findMany({
      where: {
        provider,
        ...(sessionId === null ? {} : { providerSessionId: sessionId }),
        ...(subject === null ? {} : { user: { accounts: { some: { issuer, providerAccountId: subject } } } }),
      },
      select: { sessionToken: true },
    });
    for (const { sessionToken } of sessions)
      await removeStored(tx, ctx, { sessionToken, by: "the identity provider" });
    return sessions.length;
  });
}

const remove = (tx: Transaction, ctx: Context, sessionToken: string) =>
  removeStored(tx, ctx, { sessionToken: hashSessionToken(sessionToken) });

/** `sessionToken`: the hash that it is stored by; `by`: who ends it, where that is not the person. */
async function removeStored(
  tx: Transaction,
  ctx: Context,
  { sessionToken, by }: { sessionToken: string; by?: string },
): Promise<void> {
  const session = await tx.session.findUnique({
    where: { sessionToken },
    include: WITH_PERSON,
  });
  if (!session) return;
  await tx.session.delete({ where: { id: session.id } });
  await announceRevocation(tx, { kind: "session", id: session.id });
  if (session.expires.getTime() <= Date.now()) return;
  await recordEvent(tx, actingAs(ctx, session.user), {
    action: "Login",
    operation: "Logout",
    ...loginOf(session.user),
    requestBody: by === undefined ? { provider: session.provider } : { provider: session.provider, by },
  });
}

const loginOf = (person: PersonRow) => ({
  entityType: "Login" as const,
  entityId: person.id,
  entityName: person.email,
});
