import type { Prisma, User } from "../../../../prisma/generated/client.ts";
import { takeBackGrantsOf } from "../../../access/grants/take-back-grants-of.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { isUuid } from "../../../names/uuid.ts";
import { announceIdentityChange } from "../../../revocation/revocation.ts";
import { findPerson, personEntity, writeEnabled } from "../../people/changes.ts";
import type { PatchOperation } from "../protocol/patch-operations.ts";
import type { JsonObject } from "../protocol/read-json.ts";
import { notFound, taken } from "../protocol/scim-error.ts";
import type { ScimClient } from "../tokens/authenticate-scim.ts";
import { loadUser } from "./find-users.ts";
import { patchUser } from "./patch-user.ts";
import { readUser, type ScimUserInput } from "./read-user.ts";
import { type UserResource, userResource } from "./user-resource.ts";

type Client = Pick<ScimClient, "issuer">;

/**
 * Makes a person known whom the identity provider provisions; their first sign-in with it finds them. They are nothing to the console.
 * @throws ScimError `invalidValue`, `uniqueness` where the provider has somebody of that user name or address already.
 */
export async function createScimUser({
  ctx,
  input: { client, resource },
}: {
  ctx: Context;
  input: { client: Client; resource: JsonObject };
}): Promise<UserResource> {
  const input = readUser(resource);
  const { issuer } = client;
  const id = await inTransaction(database(), async (tx) => {
    await lockNames(tx, issuer);
    const revived = await makeRoom(tx, ctx, { issuer, input });
    if (revived) {
      await update(tx, ctx, { before: revived, input: { ...input, active: input.active ?? true } });
      return revived.id;
    }
    const active = input.active ?? true;
    const person = await tx.user.create({
      data: {
        issuer,
        ...columnsOf(input),
        scimActive: active,
        scimProvisionedAt: new Date(),
        enabled: active,
        disabledBy: active ? null : "scim",
      },
    });
    await recordEvent(tx, ctx, { action: "Create", ...personEntity(person), after: view(person) });
    return person.id;
  });
  return loadUser(issuer, id);
}

/**
 * Replaces what SCIM says of a person. One who is not `active` is signed out, and their tokens and what runs with them end.
 * @throws ScimError 404, `invalidValue`, `uniqueness`
 */
export async function replaceScimUser({
  ctx,
  input: { client, id, resource },
}: {
  ctx: Context;
  input: { client: Client; id: string; resource: JsonObject };
}): Promise<UserResource> {
  return change(ctx, { client, id, next: () => resource });
}

/** Changes what the operations name; otherwise as `replaceScimUser`. */
export async function patchScimUser({
  ctx,
  input: { client, id, operations },
}: {
  ctx: Context;
  input: { client: Client; id: string; operations: readonly PatchOperation[] };
}): Promise<UserResource> {
  return change(ctx, { client, id, next: (person) => patchUser(resourceToPatch(person), operations) });
}

/** `active` as SCIM said it: what an administrator disabled stays so whatever is patched beside it. */
const resourceToPatch = (person: User) => ({
  ...userResource(person),
  active: person.scimActive ?? person.enabled,
});

async function change(
  ctx: Context,
  { client, id, next }: { client: Client; id: string; next: (person: User) => JsonObject },
): Promise<UserResource> {
  const { issuer } = client;
  await inTransaction(database(), async (tx) => {
    await lockNames(tx, issuer);
    const before = await hold(tx, issuer, id);
    const input = readUser(next(before));
    await refuseTaken(tx, { issuer, input, except: id });
    await update(tx, ctx, { before, input });
  });
  return loadUser(issuer, id);
}

/**
 * Deprovisions a person: disables them, ends their grants and memberships, and is SCIM's no more. What they did stays on the record.
 * @throws ScimError 404
 */
export async function deleteScimUser({
  ctx,
  input: { client, id },
}: {
  ctx: Context;
  input: { client: Client; id: string };
}): Promise<void> {
  await inTransaction(database(), async (tx) => {
    await hold(tx, client.issuer, id);
    const before = await findPerson(tx, id);
    if (before.enabled)
      await writeEnabled(tx, ctx, { before, disabledBy: "scim", reason: "deleted by SCIM" });
    await tx.groupMember.deleteMany({ where: { userId: id } });
    await takeBackGrantsOf(tx, ctx, { kind: "user", id, reason: "SCIM deleted the user" });
    await tx.account.updateMany({ where: { userId: id }, data: { refreshToken: null } });
    const deletedAt = new Date();
    const disabledBy = before.disabledBy === "administrator" ? "administrator" : "scim";
    const data = { scimActive: false, scimDeletedAt: deletedAt, disabledBy, consoleRole: "user" };
    await tx.user.update({ where: { id }, data });
    await recordEvent(tx, ctx, {
      action: "Delete",
      ...personEntity(before),
      before: view(before),
      after: { deletedAt: deletedAt.toISOString() },
    });
  });
}

/** One after the other: two requests must not give two people one name. */
async function lockNames(tx: Transaction, issuer: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`kubewitness/scim-users/${issuer}`}, 0))`;
}

/** Nobody else changes them until the transaction ends. */
async function hold(tx: Transaction, issuer: string, id: string): Promise<User> {
  if (!isUuid(id)) throw notFound("User");
  await tx.$executeRaw`select 1 from users where id = ${id}::uuid for update`;
  const user = await tx.user.findFirst({ where: { id, issuer, scimDeletedAt: null } });
  if (!user) throw notFound("User");
  return user;
}

interface Wanted {
  issuer: string;
  input: ScimUserInput;
}

async function findSame(tx: Transaction, { issuer, input }: Wanted): Promise<User[]> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    select id from users where issuer = ${issuer}
      and (lower(coalesce(scim_user_name, email)) = lower(${input.userName}) or email = ${input.email})`;
  return tx.user.findMany({ where: { id: { in: ids.map(({ id }) => id) } } });
}

async function refuseTaken(tx: Transaction, wanted: Wanted & { except?: string }): Promise<void> {
  const same = (await findSame(tx, wanted)).find(({ id }) => id !== wanted.except);
  if (!same) return;
  const { userName, email } = wanted.input;
  const name = (same.scimUserName ?? same.email ?? "").toLowerCase();
  throw taken(
    name === userName.toLowerCase()
      ? `userName: ${JSON.stringify(userName)} is taken; change the resource that has it`
      : `emails.value: ${JSON.stringify(email)} is taken; change the resource that has it`,
  );
}

/**
 * Where SCIM deleted somebody of that name or address: the same person, by `externalId`, comes back; another gets the name, and nothing else
 * of theirs.
 */
async function makeRoom(tx: Transaction, ctx: Context, wanted: Wanted): Promise<User | null> {
  const gone = (await findSame(tx, wanted)).filter(({ scimDeletedAt }) => scimDeletedAt !== null);
  const { externalId } = wanted.input;
  const same = gone.find((each) => externalId !== null && each.scimExternalId === externalId);
  for (const each of gone) if (each !== same) await releaseName(tx, ctx, each);
  await refuseTaken(tx, { ...wanted, except: same?.id });
  if (!same) return null;
  return tx.user.update({ where: { id: same.id }, data: { scimDeletedAt: null } });
}

async function releaseName(tx: Transaction, ctx: Context, person: User): Promise<void> {
  await tx.account.deleteMany({ where: { userId: person.id } });
  await tx.user.update({ where: { id: person.id }, data: { email: null, scimUserName: null } });
  await recordEvent(tx, ctx, {
    action: "Update",
    ...personEntity(person),
    before: view(person),
    after: { email: null, reason: "the address is another person's now" },
  });
}

async function update(
  tx: Transaction,
  ctx: Context,
  { before, input }: { before: User; input: ScimUserInput },
): Promise<void> {
  const data = {
    ...columnsOf(input),
    scimActive: input.active ?? before.scimActive ?? before.enabled,
    scimProvisionedAt: before.scimProvisionedAt ?? new Date(),
    // What a sign-in said to be verified was the address before.
    ...(input.email === before.email ? {} : { emailVerified: null }),
  };
  const after = await tx.user.update({ where: { id: before.id }, data });
  if (before.name !== after.name || before.email !== after.email) {
    await announceIdentityChange(tx, { kind: "user", id: after.id });
  }
  if (JSON.stringify(view(before)) !== JSON.stringify(view(after))) {
    await recordEvent(tx, ctx, {
      action: "Update",
      ...personEntity(after),
      before: view(before),
      after: view(after),
    });
  }
  await followActive(tx, ctx, after);
}

/** What an administrator disabled only an administrator enables; what the provider disabled, the provider. */
async function followActive(tx: Transaction, ctx: Context, person: User): Promise<void> {
  const { id, disabledBy, scimActive } = person;
  if (disabledBy === "administrator" || disabledBy === (scimActive ? null : "scim")) return;
  const before = await findPerson(tx, id);
  if (scimActive) await writeEnabled(tx, ctx, { before, disabledBy: null, reason: "activated by SCIM" });
  else await writeEnabled(tx, ctx, { before, disabledBy: "scim", reason: "deactivated by SCIM" });
}

const columnsOf = ({ userName, externalId, name, email, attributes }: ScimUserInput) => ({
  name,
  email,
  scimUserName: userName,
  scimExternalId: externalId,
  scimAttributes: attributes as Prisma.InputJsonObject,
});

/** As events tell of them. */
const view = ({ id, name, email, scimUserName, scimExternalId, scimActive, enabled }: User) => ({
  id,
  name,
  email,
  userName: scimUserName,
  externalId: scimExternalId,
  active: scimActive,
  enabled,
});
