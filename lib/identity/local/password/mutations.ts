import { requireRecentFactor } from "../../../access/second-factor.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, clearAttempts, takeAttempt } from "../../attempts/attempts.ts";
import { personEntity } from "../../people/changes.ts";
import { recordFactorFailure } from "../../second-factor/mfa-event.ts";
import { requireOwnSession } from "../../second-factor/own-session.ts";
import { endSessionsOf } from "../../sessions/end-sessions-of.ts";
import type { ChangePasswordInput } from "../schema.ts";
import { hashPassword, isPassword } from "./password-hash.ts";
import { refuseOwnName } from "./refuse-own-name.ts";

/**
 * Changes one's own password. One's other sessions end: whoever knew the one before is out.
 * @throws AppError `second_factor_required`, `not_found` for who has none here, `invalid_argument` for a wrong one.
 */
export async function changePassword({
  ctx,
  input,
}: {
  ctx: Context;
  input: ChangePasswordInput;
}): Promise<void> {
  const { userId, sessionId, email, name } = requireOwnSession(ctx);
  requireRecentFactor(ctx, "changing your password");
  const kept = await database().localPassword.findUnique({ where: { userId } });
  if (kept === null) {
    throw new AppError("not_found", "You have no password here: you sign in with an identity provider.");
  }
  refuseOwnName(input.password, [email, name]);
  const key: AttemptKey = { of: "password", subject: { account: email } };
  await takeAttempt(key);
  if (!(await isPassword(input.current, kept.hash))) {
    await recordFactorFailure(ctx, { id: userId, email }, "the present password is wrong in a change of it");
    throw new AppError("invalid_argument", "current: it is not your password", {
      details: [{ field: "current", got: "another", takes: "your present password" }],
    });
  }
  await clearAttempts(key);
  const data = { hash: await hashPassword(input.password), changedAt: new Date() };
  await inTransaction(database(), async (tx) => {
    await tx.localPassword.update({ where: { userId }, data });
    const otherSessionsEnded = await endSessionsOf(tx, { userId, except: sessionId });
    await recordEvent(tx, ctx, {
      action: "Update",
      ...personEntity({ id: userId, email }),
      after: { passwordChangedAt: data.changedAt.toISOString(), otherSessionsEnded },
    });
  });
}
