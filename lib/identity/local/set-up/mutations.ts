import { recordEvent } from "../../../audit/events/record.ts";
import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import type { Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { refuseDuplicate } from "../../../db/duplicate.ts";
import { AppError } from "../../../errors.ts";
import { recordFailedAuthentication } from "../../failed-authentication/record.ts";
import { findPerson, personEntity } from "../../people/changes.ts";
import { actingAs, type PersonRow, viewPerson, WITH_GROUPS } from "../../people/data.ts";
import { openTotpSecret, sealTotpSecret } from "../../second-factor/authenticator/sealed-secret.ts";
import { stepOfCode } from "../../second-factor/authenticator/totp.ts";
import { mfaEntity } from "../../second-factor/mfa-event.ts";
import { replaceRecoveryCodes } from "../../second-factor/recovery/recovery-codes.ts";
import { endSessionsOf } from "../../sessions/end-sessions-of.ts";
import type { FinishSetUpInput } from "../schema.ts";
import { findSetUp, type SetUpRow, setUpRefused } from "./find-set-up.ts";
import { mayFirstVisit } from "./first-visit.ts";

/** A set-up ends after so many codes of the app that were not right. */
const MOST_FAILURES = 10;

interface Confirmed {
  passwordHash: string;
  /** Base32. */
  secret: string;
  step: number;
}

/**
 * Confirms a set-up by a code of the authenticator app: password, app and recovery codes count from here on, and at the first visit the person
 * is made. All of it, or nothing; the one-time code is used up, and sessions that were begun with what counted before end.
 * @returns whose it is, and their recovery codes, which are shown once.
 * @throws AppError `invalid_argument`, `conflict` where an administrator is there by now, or the address is taken.
 */
export async function finishSetUp({
  ctx,
  input,
}: {
  ctx: Context;
  input: FinishSetUpInput;
}): Promise<{ userId: string; recoveryCodes: string[] }> {
  const { id, userId } = await findSetUp(ctx, input.code);
  const finished = await inTransaction(database(), async (tx) => {
    // Before any row is held: whoever comes first ends the others' codes.
    const isAllowed = userId !== null || (await mayFirstVisit(tx));
    const setUp = await hold(tx, id);
    if (!isAllowed) throw isTaken();
    const confirmed = confirm(setUp, input.appCode);
    if (confirmed === null) {
      await countFailure(tx, setUp);
      return null;
    }
    const person =
      setUp.user === null ? await makeAdministrator(tx, ctx, setUp) : await findPerson(tx, setUp.user.id);
    const recoveryCodes = await keep(tx, person.id, confirmed);
    const sessionsEnded = await endSessionsOf(tx, { userId: person.id });
    await tx.localSetUp.deleteMany({ where: setUp.user === null ? { userId: null } : { userId: person.id } });
    await recordEvent(tx, actingAs(ctx, person), {
      action: "Update",
      operation: "Enable",
      ...mfaEntity(person),
      after: { factor: "authenticator", password: "chosen", recoveryCodes: "made", sessionsEnded },
    });
    return { userId: person.id, recoveryCodes };
  });
  if (finished !== null) return finished;
  await recordFailedAuthentication(
    { ...ctx, actor: { kind: "anonymous" } },
    { error: "the authenticator app's code is wrong in a set-up", provider: "local" },
  );
  throw new AppError(
    "invalid_argument",
    "The code is not right: the app shows another one every 30 seconds.",
    {
      details: [{ field: "appCode", got: "another", takes: "the six digits that the app shows now" }],
    },
  );
}

async function hold(tx: Transaction, id: string): Promise<SetUpRow> {
  await tx.$queryRaw`select 1 from local_set_ups where id = ${id}::uuid for update`;
  const row = await tx.localSetUp.findUnique({ where: { id }, include: { user: true } });
  if (row === null) throw setUpRefused();
  return row;
}

function confirm({ id, passwordHash, secret }: SetUpRow, code: string): Confirmed | null {
  if (passwordHash === null || secret === null) {
    throw new AppError("conflict", "Choose a password first.");
  }
  const opened = openTotpSecret(id, secret);
  const step = stepOfCode({ secret: opened, code: code.replace(/\s/g, "") });
  return step === null ? null : { passwordHash, secret: opened, step };
}

async function countFailure(tx: Transaction, { id, failures }: SetUpRow): Promise<void> {
  if (failures + 1 >= MOST_FAILURES) await tx.localSetUp.delete({ where: { id } });
  else await tx.localSetUp.update({ where: { id }, data: { failures: failures + 1 } });
}

const isTaken = () => new AppError("conflict", "There is an administrator by now, who can add you on Users.");

async function makeAdministrator(
  tx: Transaction,
  ctx: Context,
  { email, name }: SetUpRow,
): Promise<PersonRow> {
  const data = { email, name, issuer: LOCAL_ISSUER, consoleRole: "administrator" };
  const created = tx.user.create({ data, include: WITH_GROUPS });
  const person = await refuseDuplicate(created, { field: "email", value: email ?? "" });
  await recordEvent(tx, actingAs(ctx, person), {
    action: "Create",
    ...personEntity(person),
    after: { ...viewPerson(person), by: "the first visit" },
  });
  return person;
}

/** In place of all that there was. */
async function keep(
  tx: Transaction,
  userId: string,
  { passwordHash, secret, step }: Confirmed,
): Promise<string[]> {
  const changedAt = new Date();
  const password = { hash: passwordHash, changedAt };
  await tx.localPassword.upsert({ where: { userId }, create: { userId, ...password }, update: password });
  await tx.passkey.deleteMany({ where: { userId } });
  await tx.authenticatorApp.deleteMany({ where: { userId } });
  await tx.authenticatorApp.create({
    data: { userId, secret: sealTotpSecret(userId, secret), lastStep: step, lastUsedAt: changedAt },
  });
  return replaceRecoveryCodes(tx, userId);
}
