import { requirePermission } from "../../access/permission.ts";
import { recordEvent } from "../../audit/events/record.ts";
import { firstIssuer } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { requireIdentityProvider } from "../providers/registry.ts";
import { applyGroups, findPerson, personEntity, writeEnabled } from "./changes.ts";
import { consoleRoleOfGroups } from "./console-role.ts";
import { viewPerson, WITH_GROUPS } from "./data.ts";
import { syncMemberships } from "./memberships.ts";
import { CreatePersonInput, type PersonView } from "./schema.ts";

/**
 * Makes a person known before the first sign-in, which then links them by their e-mail address: the one with the provider that they
 * belong to.
 * @throws AppError `conflict` where somebody of that provider has the address, `invalid_argument` for a provider that is not configured.
 */
export async function createPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreatePersonInput;
}): Promise<PersonView> {
  requirePermission(ctx, "people:write");
  const { email, name, groups, provider } = CreatePersonInput.parse(input);
  const issuer = provider === undefined ? firstIssuer(config()) : requireIdentityProvider(provider).issuer;
  const data = { email, name, issuer, consoleRole: consoleRoleOfGroups(groups, issuer) };
  return inTransaction(database(), async (tx) => {
    const created = tx.user.create({ data, include: WITH_GROUPS });
    const person = await refuseDuplicate(created, { field: "email", value: email });
    await recordEvent(tx, ctx, { action: "Create", ...personEntity(person), after: viewPerson(person) });
    await syncMemberships(tx, ctx, { person, groups });
    return viewPerson(await findPerson(tx, person.id));
  });
}

/**
 * Disables a person, whose sessions and tokens end at once, or takes that back. What an administrator disabled no sign-in enables.
 * @throws AppError `invalid_argument` for oneself, `not_found`.
 */
export async function setPersonEnabled({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; enabled: boolean };
}): Promise<PersonView> {
  requirePermission(ctx, "people:write");
  if (ctx.actor.kind === "user" && ctx.actor.id === input.id && !input.enabled) {
    throw new AppError("invalid_argument", "You cannot disable yourself; another administrator can.");
  }
  return inTransaction(database(), async (tx) => {
    const before = await findPerson(tx, input.id);
    const disabledBy = input.enabled ? null : "administrator";
    if (before.disabledBy === disabledBy) return viewPerson(before);
    if (input.enabled && before.scimActive === false) {
      throw new AppError(
        "conflict",
        "The identity provider deactivated this person (SCIM). Activate them there; an administrator cannot here.",
      );
    }
    return viewPerson(await writeEnabled(tx, ctx, { before, disabledBy }));
  });
}

/**
 * Disables a person whom the identity provider no longer vouches for, until it does again. `redeemed`: the refresh token (sealed) that it
 * refused; where a sign-in brought another meanwhile, that says nothing any more.
 */
export async function withdrawPerson({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    id: string;
    reason: string;
    redeemed?: { accountId: string; refreshToken: Uint8Array<ArrayBuffer> };
  };
}): Promise<void> {
  requirePermission(ctx, "people:write");
  await inTransaction(database(), async (tx) => {
    const before = await findPerson(tx, input.id);
    if (!before.enabled) return;
    if (input.redeemed && !(await isPresent(tx, input.redeemed))) return;
    await tx.account.updateMany({ where: { userId: before.id }, data: { refreshToken: null } });
    await writeEnabled(tx, ctx, { before, disabledBy: "identity_provider", reason: input.reason });
  });
}

/** Holds the account's row: a sign-in waits, and then enables the person again. */
async function isPresent(
  tx: Transaction,
  { accountId, refreshToken }: { accountId: string; refreshToken: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  const { count } = await tx.account.updateMany({
    where: { id: accountId, refreshToken },
    data: { refreshToken: null },
  });
  return count > 0;
}

/** Takes over the groups that the identity provider now names, and that it vouches for the person. */
export async function updatePersonGroups({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string; groups: readonly string[] };
}): Promise<void> {
  requirePermission(ctx, "people:write");
  await inTransaction(database(), async (tx) => {
    await applyGroups(tx, ctx, { person: await findPerson(tx, input.id), groups: input.groups });
  });
}
