import type { Group } from "../../../../prisma/generated/client.ts";
import { takeBackGrantsOf } from "../../../access/grants/take-back-grants-of.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { isUuid } from "../../../names/uuid.ts";
import { announceIdentityChange, announceRevocation } from "../../../revocation/revocation.ts";
import type { PatchOperation } from "../protocol/patch-operations.ts";
import type { JsonObject } from "../protocol/read-json.ts";
import { notFound, taken } from "../protocol/scim-error.ts";
import type { ScimClient } from "../tokens/authenticate-scim.ts";
import { changeMembers } from "./change-members.ts";
import { type GroupChange, readGroup, readGroupChange, type ScimGroupInput } from "./read-group.ts";

type Client = Pick<ScimClient, "issuer">;

/**
 * Makes a group known whose members SCIM says from now on; one that sign-ins brought under its name or `externalId` is that group, with what
 * is granted to it.
 * @returns its id.
 * @throws ScimError `invalidValue`, `uniqueness`
 */
export async function createScimGroup({
  ctx,
  input: { client, resource },
}: {
  ctx: Context;
  input: { client: Client; resource: JsonObject };
}): Promise<string> {
  const { issuer } = client;
  const input = readGroup(resource);
  return inTransaction(database(), async (tx) => {
    await lockNames(tx, issuer);
    const same = await findSame(tx, { issuer, input });
    if (same?.source === "scim") throw takenName(input.displayName);
    const group = same
      ? await adopt(tx, ctx, { group: same, input })
      : await create(tx, ctx, { issuer, input });
    await changeMembers(tx, ctx, { group, steps: [{ kind: "set", ids: input.members }] });
    return group.id;
  });
}

/** Replaces what SCIM says of a group. Under another name it is the same group. @throws ScimError 404, `invalidValue`, `uniqueness` */
export async function replaceScimGroup({
  ctx,
  input: { client, id, resource },
}: {
  ctx: Context;
  input: { client: Client; id: string; resource: JsonObject };
}): Promise<void> {
  const { members, ...named } = readGroup(resource);
  await change(ctx, { client, id, change: { ...named, members: [{ kind: "set", ids: members }] } });
}

/** Changes what the operations name; otherwise as `replaceScimGroup`. */
export async function patchScimGroup({
  ctx,
  input: { client, id, operations },
}: {
  ctx: Context;
  input: { client: Client; id: string; operations: readonly PatchOperation[] };
}): Promise<void> {
  await change(ctx, { client, id, change: readGroupChange(operations) });
}

/** Deletes a group; its members leave it, and what was granted to it is revoked. @throws ScimError 404 */
export async function deleteScimGroup({
  ctx,
  input: { client, id },
}: {
  ctx: Context;
  input: { client: Client; id: string };
}): Promise<void> {
  await inTransaction(database(), async (tx) => {
    const group = await hold(tx, client.issuer, id);
    await changeMembers(tx, ctx, { group, steps: [{ kind: "remove", ids: null }] });
    await takeBackGrantsOf(tx, ctx, { kind: "group", id, reason: "SCIM deleted the group" });
    await tx.group.delete({ where: { id } });
    await announceRevocation(tx, { kind: "group", id });
    await recordEvent(tx, ctx, { action: "Delete", ...groupEntity(group), before: view(group) });
  });
}

async function change(
  ctx: Context,
  { client, id, change: wanted }: { client: Client; id: string; change: GroupChange },
): Promise<void> {
  const { issuer } = client;
  await inTransaction(database(), async (tx) => {
    await lockNames(tx, issuer);
    const before = await hold(tx, issuer, id);
    if (wanted.displayName !== undefined)
      await refuseTaken(tx, { issuer, name: wanted.displayName, except: id });
    const { displayName, externalId } = wanted;
    const group = await tx.group.update({
      where: { id },
      data: {
        displayName: displayName ?? before.displayName,
        scimExternalId: externalId === undefined ? before.scimExternalId : externalId,
        scimUpdatedAt: new Date(),
        source: "scim",
      },
    });
    await recordChange(tx, ctx, { before, after: group });
    await changeMembers(tx, ctx, { group, steps: wanted.members });
  });
}

/** One after the other: two requests must not give two groups one name. */
async function lockNames(tx: Transaction, issuer: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`kubewitness/scim-groups/${issuer}`}, 0))`;
}

async function hold(tx: Transaction, issuer: string, id: string): Promise<Group> {
  if (!isUuid(id)) throw notFound("Group");
  await tx.$executeRaw`select 1 from groups where id = ${id}::uuid for update`;
  const group = await tx.group.findFirst({ where: { id, issuer } });
  if (!group) throw notFound("Group");
  return group;
}

interface Wanted {
  issuer: string;
  input: ScimGroupInput;
}

/** The group that is called so, or that sign-ins named by this id: SCIM's first. */
async function findSame(tx: Transaction, { issuer, input }: Wanted): Promise<Group | null> {
  const { displayName, externalId } = input;
  const found = await findNamed(tx, issuer, displayName);
  const byId =
    externalId === null
      ? null
      : await tx.group.findUnique({ where: { issuer_name: { issuer, name: externalId } } });
  return found.find(({ source }) => source === "scim") ?? byId ?? found[0] ?? null;
}

async function findNamed(tx: Transaction, issuer: string, name: string): Promise<Group[]> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    select id from groups where issuer = ${issuer} and lower(coalesce(display_name, name)) = lower(${name})`;
  return tx.group.findMany({ where: { id: { in: ids.map(({ id }) => id) } }, orderBy: { createdAt: "asc" } });
}

async function refuseTaken(
  tx: Transaction,
  { issuer, name, except }: { issuer: string; name: string; except: string },
): Promise<void> {
  const others = (await findNamed(tx, issuer, name)).filter(({ id }) => id !== except);
  if (others.length > 0) throw takenName(name);
}

const takenName = (name: string) =>
  taken(`displayName: ${JSON.stringify(name)} is taken; change the group that has it`);

async function create(tx: Transaction, ctx: Context, { issuer, input }: Wanted): Promise<Group> {
  const { displayName, externalId } = input;
  const stable = externalId ?? displayName;
  const used = await tx.group.findUnique({ where: { issuer_name: { issuer, name: stable } } });
  // Another group had the name before it got another one: names stay, so that what refers to them does.
  const name = used ? `${displayName} (${crypto.randomUUID()})` : stable;
  const group = await tx.group.create({
    data: {
      issuer,
      name,
      displayName,
      scimExternalId: externalId,
      scimUpdatedAt: new Date(),
      source: "scim",
    },
  });
  await recordEvent(tx, ctx, { action: "Create", ...groupEntity(group), after: view(group) });
  return group;
}

async function adopt(
  tx: Transaction,
  ctx: Context,
  { group: before, input }: { group: Group; input: ScimGroupInput },
): Promise<Group> {
  const { displayName, externalId } = input;
  const data = { displayName, scimExternalId: externalId, scimUpdatedAt: new Date(), source: "scim" };
  const after = await tx.group.update({ where: { id: before.id }, data });
  await recordChange(tx, ctx, { before, after });
  return after;
}

async function recordChange(
  tx: Transaction,
  ctx: Context,
  { before, after }: { before: Group; after: Group },
): Promise<void> {
  const views = { before: view(before), after: view(after) };
  if (JSON.stringify(views.before) === JSON.stringify(views.after)) return;
  await announceIdentityChange(tx, { kind: "group", id: after.id });
  await recordEvent(tx, ctx, { action: "Update", ...groupEntity(after), ...views });
}

const groupEntity = ({ id, name, displayName }: Group) => ({
  entityType: "Group" as const,
  entityId: id,
  entityName: displayName ?? name,
});

const view = ({ id, name, displayName, scimExternalId, source }: Group) => ({
  id,
  name,
  displayName,
  externalId: scimExternalId,
  source,
});
