import { takeBackGrantsOf } from "../../../access/grants/take-back-grants-of.ts";
import { refuseScopedKey, requirePermission } from "../../../access/permission.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import { recordIfRefused } from "../../../audit/events/refused.ts";
import { LOCAL_ISSUER } from "../../../config/issuer.ts";
import type { Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { refuseDuplicate } from "../../../db/duplicate.ts";
import { AppError } from "../../../errors.ts";
import { announceIdentityChange, announceRevocation } from "../../../revocation/revocation.ts";
import { revokeTokens } from "../../credential-chain/chain.ts";
import { findPerson, personEntity } from "../../people/changes.ts";
import { type PersonRow, viewPerson, WITH_GROUPS } from "../../people/data.ts";
import { mfaEntity } from "../../second-factor/mfa-event.ts";
import { AddLocalPersonInput, type RemovedFactors, type SetUpOffer } from "../schema.ts";
import { offerSetUp } from "../set-up/offer.ts";

const CODE_LASTS_MS = 24 * 60 * 60_000;
const FROM_MACHINE_LASTS_MS = 60 * 60_000;

/**
 * Adds a local person: they choose password and second factor by a one-time code, which is shown once.
 * @throws AppError `conflict` where a local person has the address.
 */
export function addLocalPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: AddLocalPersonInput;
}): Promise<SetUpOffer> {
  return recordIfRefused(ctx, { action: "Create", entityType: "User", entityName: input.email }, async () => {
    requirePermission(ctx, "people:write");
    refuseScopedKey(ctx);
    const { email, name, consoleRole } = AddLocalPersonInput.parse(input);
    return inTransaction(database(), async (tx) => {
      const data = { email, name, consoleRole, issuer: LOCAL_ISSUER };
      const created = tx.user.create({ data, include: WITH_GROUPS });
      const person = await refuseDuplicate(created, { field: "email", value: email });
      await recordEvent(tx, ctx, { action: "Create", ...personEntity(person), after: viewPerson(person) });
      return offerTo(tx, person);
    });
  });
}

/**
 * Makes a local administrator, from the machine itself; one that there is gets a new one-time code, is enabled, and an administrator again. For an hour.
 */
export async function createAdministrator({
  ctx,
  input: { email, name },
}: {
  ctx: Context;
  input: { email: string; name: string };
}): Promise<SetUpOffer> {
  requirePermission(ctx, "people:write");
  return inTransaction(database(), async (tx) => {
    const known = await tx.user.findUnique({
      where: { issuer_email: { issuer: LOCAL_ISSUER, email } },
      include: WITH_GROUPS,
    });
    const rights = { consoleRole: "administrator", enabled: true, disabledBy: null };
    const person =
      known === null
        ? await tx.user.create({
            data: { email, name, issuer: LOCAL_ISSUER, ...rights },
            include: WITH_GROUPS,
          })
        : await tx.user.update({ where: { id: known.id }, data: rights, include: WITH_GROUPS });
    if (known) await announceIdentityChange(tx, { kind: "user", id: person.id });
    await recordEvent(tx, ctx, {
      action: known ? "Update" : "Create",
      ...personEntity(person),
      before: known && viewPerson(known),
      after: { ...viewPerson(person), setUpOffered: true },
    });
    return offerTo(tx, person, FROM_MACHINE_LASTS_MS);
  });
}

/**
 * Removes a local person: sessions, tokens, grants, password and second factors end at once. What they did stays on the record.
 * @throws AppError `invalid_argument` for oneself and for who is no local person, `not_found`.
 */
export function removeLocalPerson({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<void> {
  return recordIfRefused(ctx, { action: "Delete", entityType: "User", entityId: input.id }, async () => {
    requirePermission(ctx, "people:write");
    if (ctx.actor.kind === "user" && ctx.actor.id === input.id) {
      throw new AppError("invalid_argument", "You cannot remove yourself; another administrator can.");
    }
    await inTransaction(database(), async (tx) => {
      const person = await findLocal(tx, input.id);
      await takeBackGrantsOf(tx, ctx, { kind: "user", id: person.id, reason: "the person was removed" });
      const tokens = await revokeTokens(tx, { userId: person.id });
      const sessions = await tx.session.count({ where: { userId: person.id } });
      await tx.user.delete({ where: { id: person.id } });
      await announceRevocation(tx, { kind: "user", id: person.id });
      await recordEvent(tx, ctx, {
        action: "Delete",
        ...personEntity(person),
        before: { ...viewPerson(person), tokens, sessions },
      });
    });
  });
}

/**
 * Gives a local person a one-time code to set up anew, where password or second factor is lost. What they have counts until they use it.
 * @throws AppError `invalid_argument` for oneself and for who is no local person, `not_found`.
 */
export function offerNewSetUp({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<SetUpOffer> {
  return recordIfRefused(ctx, { action: "Update", entityType: "Mfa", entityId: input.id }, async () => {
    requirePermission(ctx, "people:write");
    refuseScopedKey(ctx);
    refuseOwn(ctx, input.id);
    return inTransaction(database(), async (tx) => {
      const person = await findLocal(tx, input.id);
      const offer = await offerTo(tx, person);
      await recordEvent(tx, ctx, {
        action: "Update",
        ...mfaEntity(person),
        after: { setUpOffered: true, until: offer.expiresAt },
      });
      return offer;
    });
  });
}

/**
 * Takes all second factors of a person away, also where one was shown a moment ago: whoever found a lost one can do nothing with it. A local
 * person gets a one-time code to set up another.
 * @throws AppError `invalid_argument` for oneself, `not_found`
 */
export function removeFactors({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<RemovedFactors> {
  return recordIfRefused(
    ctx,
    { action: "Update", operation: "Disable", entityType: "Mfa", entityId: input.id },
    async () => {
      requirePermission(ctx, "people:write");
      refuseScopedKey(ctx);
      refuseOwn(ctx, input.id);
      return inTransaction(database(), async (tx) => {
        const person = await findPerson(tx, input.id);
        const userId = person.id;
        const apps = await tx.authenticatorApp.deleteMany({ where: { userId } });
        const passkeys = await tx.passkey.deleteMany({ where: { userId } });
        const recoveryCodes = await tx.recoveryCode.deleteMany({ where: { userId } });
        await tx.session.updateMany({ where: { userId }, data: { secondFactorAt: null } });
        await tx.accessToken.updateMany({ where: { userId }, data: { secondFactorAt: null } });
        await announceIdentityChange(tx, { kind: "user", id: userId });
        const setUp = person.issuer === LOCAL_ISSUER ? await offerTo(tx, person) : null;
        await recordEvent(tx, ctx, {
          action: "Update",
          operation: "Disable",
          ...mfaEntity(person),
          before: {
            authenticators: apps.count,
            passkeys: passkeys.count,
            recoveryCodes: recoveryCodes.count,
          },
          after: { setUpOffered: setUp !== null },
        });
        return { setUp };
      });
    },
  );
}

/** Whoever finds an open session of an administrator's could make it their own. */
function refuseOwn({ actor }: Context, id: string): void {
  if (actor.kind !== "user" || actor.id !== id) return;
  throw new AppError("invalid_argument", "Your own are for you to change, on My security.");
}

/** Who has the code becomes the person, with all that the person may: callers refuse keys with scopes. */
async function offerTo(
  tx: Transaction,
  { id, email }: PersonRow,
  lastsMs = CODE_LASTS_MS,
): Promise<SetUpOffer> {
  const { code, url, expiresAt } = await offerSetUp(tx, { userId: id, lastsMs });
  return { id, email: email ?? "", code, url, expiresAt: expiresAt.toISOString() };
}

async function findLocal(tx: Transaction, id: string): Promise<PersonRow> {
  const person = await findPerson(tx, id);
  if (person.issuer === LOCAL_ISSUER) return person;
  throw new AppError(
    "invalid_argument",
    `${person.email} belongs to an identity provider: it is there that they are added and removed. Here they can be disabled.`,
  );
}
