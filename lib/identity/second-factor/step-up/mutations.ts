import { recordEvent } from "../../../audit/events/record.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, clearAttempts, takeAttempt } from "../../attempts/attempts.ts";
import { mfaEntity, recordFactorFailure } from "../mfa-event.ts";
import { markFactorShown, type OwnSession, requireOwnSession } from "../own-session.ts";
import { checkAssertion, PasskeyRefused } from "../passkeys/assert.ts";
import type { FactorShown, ShowFactorInput } from "../schema.ts";
import { spendCode } from "../spend-code.ts";

/**
 * Shows a second factor in one's console session: what demands one is open for `secondFactor.within` then, in this session alone. Right or
 * wrong, it is an event.
 * @throws AppError `invalid_argument` for one that does not count, `resource_exhausted` where too many did not.
 */
export async function showFactor({
  ctx,
  input,
}: {
  ctx: Context;
  input: ShowFactorInput;
}): Promise<FactorShown> {
  const own = requireOwnSession(ctx);
  const { code, passkey } = input;
  // A passkey's signature cannot be guessed.
  const shownAt = code === undefined ? await showPasskey(ctx, own, passkey) : await showCode(ctx, own, code);
  const countsUntil = new Date(shownAt.getTime() + config().secondFactor.withinMs);
  return { shownAt: shownAt.toISOString(), countsUntil: countsUntil.toISOString() };
}

async function showCode(ctx: Context, own: OwnSession, code: string): Promise<Date> {
  const key: AttemptKey = { of: "factor", subject: { account: own.userId } };
  await takeAttempt(key);
  const shownAt = await inTransaction(database(), async (tx) => {
    const kind = await spendCode(tx, own.userId, code);
    if (kind === null) return null;
    const at = await markFactorShown(tx, own.sessionId);
    await recordEvent(tx, ctx, { action: "Login", ...entityOf(own), after: { factor: kind } });
    return at;
  });
  if (shownAt === null) {
    await recordFactorFailure(
      ctx,
      { id: own.userId, email: own.email },
      "the code is wrong, or counted before",
    );
    throw refusal("code", "The code is not right, or was used already.");
  }
  await clearAttempts(key);
  return shownAt;
}

async function showPasskey(ctx: Context, own: OwnSession, response: unknown): Promise<Date> {
  try {
    const use = { purpose: "step-up", sessionId: own.sessionId } as const;
    const passkey = await checkAssertion(response, use);
    if (passkey.userId !== own.userId) {
      throw new PasskeyRefused("the passkey is somebody else's", passkey.userId);
    }
    return await inTransaction(database(), async (tx) => {
      const at = await markFactorShown(tx, own.sessionId);
      const after = { factor: "passkey", passkey: passkey.name };
      await recordEvent(tx, ctx, { action: "Login", ...entityOf(own), after });
      return at;
    });
  } catch (error) {
    if (!(error instanceof PasskeyRefused)) throw error;
    await takeAttempt({ of: "factor", subject: { account: own.userId } });
    await recordFactorFailure(ctx, { id: own.userId, email: own.email }, error.message);
    throw refusal("passkey", "The passkey was not accepted. Try again.");
  }
}

const entityOf = ({ userId: id, email }: OwnSession) => mfaEntity({ id, email });

const refusal = (field: string, message: string) =>
  new AppError("invalid_argument", message, {
    details: [{ field, got: "another", takes: "one of yours, that was not used before" }],
  });
