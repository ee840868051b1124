import { recordEvent } from "../../../audit/events/record.ts";
import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, clearAttempts, takeAttempt } from "../../attempts/attempts.ts";
import { recordFailedAuthentication } from "../../failed-authentication/record.ts";
import { actingAs, WITH_GROUPS } from "../../people/data.ts";
import { mfaEntity, recordFactorFailure } from "../../second-factor/mfa-event.ts";
import { checkAssertion, PasskeyRefused } from "../../second-factor/passkeys/assert.ts";
import { spendCode } from "../../second-factor/spend-code.ts";
import { isPassword } from "../password/password-hash.ts";
import type { PasskeySignInInput, PasswordSignInInput } from "../schema.ts";

/** Who proved who they are, by two factors. */
export interface LocalIdentity {
  userId: string;
  secondFactorAt: Date;
}

const REFUSED = "The e-mail address, the password or the code is not right, or was used already.";

/**
 * Checks address, password and code of a local person, all at once: one answer, after the same work, whichever is wrong and whether or not there
 * is such a person. Attempts are counted by the address that is tried and by the client's, before anything is looked at.
 * @throws AppError `unauthenticated`, `resource_exhausted` with the seconds to wait.
 */
export async function signInWithPassword({
  ctx,
  input,
}: {
  ctx: Context;
  input: PasswordSignInInput;
}): Promise<LocalIdentity> {
  const email = input.email.toLowerCase();
  const keys: AttemptKey[] = [
    { of: "password", subject: { address: ctx.sourceIp } },
    { of: "password", subject: { account: email } },
  ];
  await takeAttempt(...keys);
  const person = await database().user.findUnique({
    where: { issuer_email: { issuer: LOCAL_ISSUER, email } },
    include: { ...WITH_GROUPS, localPassword: true },
  });
  const stranger = { ...ctx, actor: { kind: "anonymous" as const, claimed: email } };
  const isRight = await isPassword(input.password, person?.localPassword?.hash ?? null);
  if (!person || !isRight || !person.enabled) {
    const error = isRight ? "the person is disabled" : "unknown address or wrong password";
    await recordFailedAuthentication(stranger, { error, entityName: email, provider: "local" });
    throw new AppError("unauthenticated", REFUSED);
  }
  const kind = await inTransaction(database(), async (tx) => {
    const spent = await spendCode(tx, person.id, input.code);
    // A recovery code that is used up is told apart: one fewer is left.
    if (spent === "recovery") {
      const after = { factor: "recovery" };
      await recordEvent(tx, actingAs(ctx, person), { action: "Login", ...mfaEntity(person), after });
    }
    return spent;
  });
  if (kind === null) {
    await recordFactorFailure(
      stranger,
      person,
      "the code is wrong, or counted before, with the right password",
    );
    throw new AppError("unauthenticated", REFUSED);
  }
  await clearAttempts(...keys);
  return { userId: person.id, secondFactorAt: new Date() };
}

/**
 * Checks a passkey of a local person: it is both factors, since it asks for its holder. Nobody else's passkey signs in, since it is for their
 * identity provider to say whether they may.
 * @throws AppError `unauthenticated`, `resource_exhausted`
 */
export async function signInWithPasskey({
  ctx,
  input,
}: {
  ctx: Context;
  input: PasskeySignInInput;
}): Promise<LocalIdentity> {
  // Whoever is kept from guessing a password is not kept from using a passkey, which cannot be guessed.
  const key: AttemptKey = { of: "passkey", subject: { address: ctx.sourceIp } };
  await takeAttempt(key);
  try {
    const { userId } = await checkAssertion(input.response, { purpose: "sign-in", sessionId: null });
    const person = await database().user.findUnique({ where: { id: userId } });
    if (person?.issuer !== LOCAL_ISSUER) {
      throw new PasskeyRefused("its person signs in with an identity provider", userId);
    }
    if (!person.enabled) throw new PasskeyRefused("its person is disabled", userId);
    await clearAttempts(key);
    return { userId, secondFactorAt: new Date() };
  } catch (error) {
    if (!(error instanceof PasskeyRefused)) throw error;
    await recordPasskeyFailure(ctx, error);
    throw new AppError(
      "unauthenticated",
      "The passkey was not accepted. Try again, or sign in in another way.",
    );
  }
}

async function recordPasskeyFailure(ctx: Context, { userId, message }: PasskeyRefused): Promise<void> {
  const person = userId === null ? null : await database().user.findUnique({ where: { id: userId } });
  // What is recorded of one person's is bounded, from however many addresses it comes.
  if (person) await takeAttempt({ of: "passkey", subject: { account: person.id } });
  const claimed = person?.email ?? undefined;
  const stranger = { ...ctx, actor: { kind: "anonymous" as const, claimed } };
  if (person) await recordFactorFailure(stranger, person, `a passkey did not sign in: ${message}`);
  else await recordFailedAuthentication(stranger, { error: `a passkey: ${message}`, provider: "local" });
}
