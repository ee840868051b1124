import type { EventOperation } from "../../../audit/columns/event-history/values/schema.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { recordIfRefused } from "../../../audit/events/refused.ts";
import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import type { Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, clearAttempts, takeAttempt } from "../../attempts/attempts.ts";
import { qrCodePath } from "../authenticator/qr-code.ts";
import { openTotpSecret, sealTotpSecret } from "../authenticator/sealed-secret.ts";
import { newTotpSecret, stepOfCode, totpUri } from "../authenticator/totp.ts";
import { mfaEntity, recordFactorFailure } from "../mfa-event.ts";
import { markFactorShown, type OwnSession, requireMayChangeFactors } from "../own-session.ts";
import { checkRegistration } from "../passkeys/register.ts";
import { replaceRecoveryCodes } from "../recovery/recovery-codes.ts";
import {
  type AddPasskeyInput,
  type ConfirmAuthenticatorInput,
  type PasskeyView,
  type PendingAuthenticator,
  RecoveryCodes,
} from "../schema.ts";
import { viewPasskey } from "./data.ts";

/** A refused change of one's own factors is an event of theirs, too. */
function ifRefused<T>(ctx: Context, operation: EventOperation, change: () => Promise<T>): Promise<T> {
  const { actor } = ctx;
  const own = actor.kind === "user" ? mfaEntity(actor) : { entityType: "Mfa" as const };
  return recordIfRefused(ctx, { action: "Update", operation, ...own }, change);
}

/** So many passkeys one person may have. */
const MOST_PASSKEYS = 20;

/** Begins to set up an authenticator app: its secret, which counts once a code of it is confirmed. One that there is counts until then. */
export function beginAuthenticator({ ctx }: { ctx: Context }): Promise<PendingAuthenticator> {
  return ifRefused(ctx, "Update", async () => {
    const { userId, email } = await requireMayChangeFactors(ctx);
    const secret = newTotpSecret();
    const pending = sealTotpSecret(userId, secret);
    await inTransaction(database(), async (tx) => {
      await tx.authenticatorApp.upsert({
        where: { userId },
        create: { userId, pending },
        update: { pending },
      });
      await recordEvent(tx, ctx, {
        action: "Update",
        ...mfaEntity({ id: userId, email }),
        after: { factor: "authenticator", confirmed: false },
      });
    });
    return { secret, qrCode: qrCodePath(totpUri({ secret, account: email })) };
  });
}

/**
 * Confirms the authenticator app by a code of it; whoever has no recovery codes yet gets some.
 * @throws AppError `invalid_argument` for a code that is not right.
 */
export async function confirmAuthenticator({
  ctx,
  input,
}: {
  ctx: Context;
  input: ConfirmAuthenticatorInput;
}): Promise<RecoveryCodes> {
  const own = await requireMayChangeFactors(ctx);
  const key: AttemptKey = { of: "factor", subject: { account: own.userId } };
  await takeAttempt(key);
  const codes = await inTransaction(database(), async (tx) => {
    const [app] = await tx.$queryRaw<{ pending: Uint8Array | null; had: boolean }[]>`
      select pending, secret is not null as had from authenticator_apps where user_id = ${own.userId}::uuid for update`;
    if (!app?.pending) throw nothingPending();
    const step = stepOfCode({ secret: openTotpSecret(own.userId, app.pending), code: input.code });
    if (step === null) return null;
    await keepConfirmed(tx, own.userId, { pending: app.pending, step });
    return enableFactor(tx, ctx, own, { factor: "authenticator", replaced: app.had });
  });
  if (codes === null) {
    await recordFactorFailure(ctx, { id: own.userId, email: own.email }, "the new app's code is wrong");
    throw new AppError(
      "invalid_argument",
      "The code is not right: the app shows another one every 30 seconds.",
      {
        details: [{ field: "code", got: "another", takes: "the six digits that the app shows now" }],
      },
    );
  }
  await clearAttempts(key);
  return { recoveryCodes: codes };
}

async function keepConfirmed(
  tx: Transaction,
  userId: string,
  { pending, step }: { pending: Uint8Array; step: number },
): Promise<void> {
  const now = new Date();
  const confirmed = { secret: new Uint8Array(pending), pending: null, lastStep: step };
  await tx.authenticatorApp.update({
    where: { userId },
    data: { ...confirmed, createdAt: now, lastUsedAt: now },
  });
}

const nothingPending = () =>
  new AppError("conflict", "No authenticator app is being set up. Begin again on My security.");

/** The event, and the first recovery codes. Whoever made a factor a moment ago has shown it. */
async function enableFactor(
  tx: Transaction,
  ctx: Context,
  own: OwnSession,
  after: object,
): Promise<string[]> {
  const { userId: id, email, sessionId } = own;
  const has = await tx.recoveryCode.count({ where: { userId: id } });
  const codes = has > 0 ? [] : await replaceRecoveryCodes(tx, id);
  await markFactorShown(tx, sessionId);
  const recoveryCodes = codes.length === 0 ? "as before" : "made";
  await recordEvent(tx, ctx, {
    action: "Update",
    operation: "Enable",
    ...mfaEntity({ id, email }),
    after: { ...after, recoveryCodes },
  });
  return codes;
}

/**
 * Takes the authenticator app away.
 * @throws AppError `not_found`, `conflict` for the last second factor of a local person.
 */
export function removeAuthenticator({ ctx }: { ctx: Context }): Promise<void> {
  return ifRefused(ctx, "Disable", async () => {
    const { userId: id, email } = await requireMayChangeFactors(ctx);
    await inTransaction(database(), async (tx) => {
      await refuseLastOfLocal(tx, id, { apps: 1, passkeys: 0 });
      const { count } = await tx.authenticatorApp.deleteMany({ where: { userId: id } });
      if (count === 0) throw new AppError("not_found", "You have no authenticator app.");
      const before = { factor: "authenticator" };
      await recordEvent(tx, ctx, {
        action: "Update",
        operation: "Disable",
        ...mfaEntity({ id, email }),
        before,
      });
    });
  });
}

/**
 * Adds a passkey that the browser made; whoever has no recovery codes yet gets some.
 * @throws AppError `invalid_argument` for one that was not asked for in this session, `conflict`.
 */
export function addPasskey({
  ctx,
  input,
}: {
  ctx: Context;
  input: AddPasskeyInput;
}): Promise<RecoveryCodes & { passkey: PasskeyView }> {
  return ifRefused(ctx, "Enable", async () => {
    const own = await requireMayChangeFactors(ctx);
    const made = await checkRegistration(input.response, own.sessionId);
    return inTransaction(database(), async (tx) => {
      await holdPerson(tx, own.userId);
      if ((await tx.passkey.count({ where: { userId: own.userId } })) >= MOST_PASSKEYS) {
        throw new AppError("conflict", `You have ${MOST_PASSKEYS} passkeys already. Remove one first.`);
      }
      if (await tx.passkey.findUnique({ where: { credentialId: made.credentialId } })) {
        throw new AppError("conflict", "This passkey is known already.");
      }
      const row = await tx.passkey.create({ data: { ...made, userId: own.userId, name: input.name } });
      const after = { factor: "passkey", passkey: row.name };
      return { passkey: viewPasskey(row), recoveryCodes: await enableFactor(tx, ctx, own, after) };
    });
  });
}

/** @throws AppError `not_found`, `conflict` for the last second factor of a local person. */
export function removePasskey({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  return ifRefused(ctx, "Disable", async () => {
    const { userId, email } = await requireMayChangeFactors(ctx);
    await inTransaction(database(), async (tx) => {
      await refuseLastOfLocal(tx, userId, { apps: 0, passkeys: 1 });
      const row = await tx.passkey.findFirst({ where: { id: input.id, userId } });
      if (!row) throw new AppError("not_found", "You have no passkey with that id.");
      await tx.passkey.delete({ where: { id: row.id } });
      const entity = mfaEntity({ id: userId, email });
      const before = { factor: "passkey", passkey: row.name };
      await recordEvent(tx, ctx, { action: "Update", operation: "Disable", ...entity, before });
    });
  });
}

/** Makes new recovery codes; those before do not count any more. */
export function renewRecoveryCodes({ ctx }: { ctx: Context }): Promise<RecoveryCodes> {
  return ifRefused(ctx, "Rotate", async () => {
    const { userId: id, email } = await requireMayChangeFactors(ctx);
    return inTransaction(database(), async (tx) => {
      await holdPerson(tx, id);
      const recoveryCodes = await replaceRecoveryCodes(tx, id);
      await recordEvent(tx, ctx, {
        action: "Update",
        operation: "Rotate",
        ...mfaEntity({ id, email }),
        after: { recoveryCodes: recoveryCodes.length },
      });
      return RecoveryCodes.parse({ recoveryCodes });
    });
  });
}

/** A local person signs in with a second factor or not at all. */
async function refuseLastOfLocal(
  tx: Transaction,
  userId: string,
  less: { apps: number; passkeys: number },
): Promise<void> {
  const { issuer } = await holdPerson(tx, userId);
  if (issuer !== LOCAL_ISSUER) return;
  const apps = await tx.authenticatorApp.count({ where: { userId, secret: { not: null } } });
  const passkeys = await tx.passkey.count({ where: { userId } });
  if (apps - less.apps + passkeys - less.passkeys > 0) return;
  throw new AppError(
    "conflict",
    "It is your only second factor, and a local person signs in with one or not at all. Set up another first.",
  );
}

/** Holds the person until the transaction ends: changes of their factors come one after the other. */
async function holdPerson(tx: Transaction, id: string): Promise<{ issuer: string | null }> {
  const [held] = await tx.$queryRaw<{ issuer: string | null }[]>`
    select issuer from users where id = ${id}::uuid for update`;
  if (!held) throw new AppError("unauthenticated", "Sign in.");
  return held;
}
