import { requirePermission } from "../../access/permission.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { holdMaker, revokeTokens } from "../credential-chain/chain.ts";
import { isOpenFragment } from "../session-life/open-session.ts";
import { createCredential, hashCredential } from "../tokens/format.ts";

/** It is extended as long as its terminal lives; one whose process ended without a word counts no longer than this. */
const COUNTS_FOR_MS = 10 * 60_000;

export interface TerminalToken {
  id: string;
  /** For the relay alone: it is shown to nobody, and reaches neither browser nor kubectl. */
  token: string;
  expiresAt: Date;
  /** It is never extended beyond: when the console session ends, or tokens.lifetime is over. */
  endsAt: Date;
}

/**
 * Issues the token that a terminal's calls are made with: of the person, bound to the cluster, the terminal and the console session, without which it counts for nothing.
 * The terminal's start is the event.
 * @throws AppError `permission_denied` for who did not come with a console session, `unauthenticated` where that has ended.
 */
export async function issueTerminalToken({
  ctx,
  input: { terminalId, clusterId },
}: {
  ctx: Context;
  input: { terminalId: string; clusterId: string };
}): Promise<TerminalToken> {
  requirePermission(ctx, "tokens:own");
  const { actor, credential } = ctx;
  if (actor.kind !== "user" || credential?.kind !== "session") {
    throw new AppError("permission_denied", "A web shell is opened from a console session alone.");
  }
  const token = createCredential("token");
  const endsAt = new Date(Math.min(credential.expiresAt.getTime(), Date.now() + config().tokens.lifetimeMs));
  const expiresAt = expiryWithin(endsAt);
  return inTransaction(database(), async (tx) => {
    await holdPerson(tx, actor.id);
    const { sessionId, secondFactorAt } = await holdMaker(tx, ctx);
    const { id } = await tx.accessToken.create({
      data: {
        userId: actor.id,
        name: "web shell",
        tokenHash: hashCredential(token),
        sessionId,
        secondFactorAt,
        terminalId,
        terminalClusterId: clusterId,
        expiresAt,
      },
    });
    return { id, token, expiresAt, endsAt };
  });
}

const expiryWithin = (endsAt: Date): Date => new Date(Math.min(endsAt.getTime(), Date.now() + COUNTS_FOR_MS));

/** Holds the person until the transaction ends: whoever disables them comes before the token, or finds it. */
async function holdPerson(tx: Transaction, userId: string): Promise<void> {
  const held = await tx.$queryRaw<
    unknown[]
  >`select 1 from users where id = ${userId}::uuid and enabled for update`;
  if (held.length === 0) throw new AppError("unauthenticated", "This person may not sign in.");
}

/**
 * Lets it count for longer, while its console session lasts.
 * @returns until when; null where it does not count any more.
 */
export async function extendTerminalToken({
  id,
  endsAt,
}: Pick<TerminalToken, "id" | "endsAt">): Promise<Date | null> {
  const expiresAt = expiryWithin(endsAt);
  const extended = await database().$executeRaw`
    update access_tokens t set expires_at = ${expiresAt} from sessions s, users u
    where t.id = ${id}::uuid and t.revoked_at is null and t.expires_at > now()
      and s.id = t.session_id and ${isOpenFragment()} and u.id = t.user_id and u.enabled`;
  return extended === 1 ? expiresAt : null;
}

/** Ends it with its terminal, whose end is the event. */
export async function revokeTerminalToken({ id }: Pick<TerminalToken, "id">): Promise<void> {
  await inTransaction(database(), (tx) => revokeTokens(tx, { id }));
}
