import { Prisma, type Role } from "../../../prisma/generated/client.ts";
import { actorName, type Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { refuseDuplicate } from "../../db/duplicate.ts";
import { AppError } from "../../errors.ts";
import { announceAccessChange } from "../table/announce.ts";
import { roleNotFound } from "./data.ts";
import type { RoleDocument } from "./document/schema.ts";
import { columnsOf, documentOf, requireDocument } from "./document/stored-document.ts";
import { canonicalDocument } from "./document/write-document.ts";
import type { RoleChange } from "./schema.ts";

interface Change {
  change: RoleChange;
  reason: string | null;
}

/** The role that is to be changed, which nobody else changes meanwhile. @throws AppError `not_found`. */
export async function lockRole(tx: Transaction, id: string): Promise<Role> {
  await tx.$queryRaw`select id from roles where id = ${id}::uuid for update`;
  const role = await tx.role.findUnique({ where: { id } });
  if (!role) throw roleNotFound();
  return role;
}

/** @throws AppError `conflict` where the role is another by now than its changer saw. */
export function requireVersionOf(role: Role, version: number): void {
  if (role.version === version) return;
  throw new AppError(
    "conflict",
    `The role ${role.name} was changed meanwhile: it is at version ${role.version}, not ${version}. Look at what changed, and make your change to that.`,
    { details: [{ field: "version", got: String(version), takes: String(role.version) }] },
  );
}

/** @throws AppError `conflict` for a role that comes with the program. */
export function requireOwn(role: Role): void {
  if (!role.builtin) return;
  throw new AppError(
    "conflict",
    `The role ${role.name} comes with Kubewitness and is what its version says. Copy it under another name, and change the copy.`,
  );
}

/** What is written of a document. */
export function dataOf(document: RoleDocument) {
  const { requests, rules, ...columns } = columnsOf(document);
  return { ...columns, rules: rules as object[], requests: requests ?? Prisma.DbNull };
}

/** Makes a role with its first version. @throws AppError `conflict` where the name is taken. */
export async function insertRole(
  tx: Transaction,
  ctx: Context,
  document: RoleDocument,
  { builtin = false, reason = null }: { builtin?: boolean; reason?: string | null } = {},
): Promise<Role> {
  const created = tx.role.create({ data: { ...dataOf(document), builtin } });
  const role = await refuseDuplicate(created, { field: "metadata.name", value: document.metadata.name });
  await keepVersion(tx, ctx, role, { change: "Create", reason });
  return role;
}

/** Writes other values into a role, as its next version. @throws AppError `conflict` where the name is taken. */
export async function writeRole(
  tx: Transaction,
  ctx: Context,
  { before, data, ...change }: Change & { before: Role; data: Prisma.RoleUpdateInput },
): Promise<Role> {
  const updated = tx.role.update({
    where: { id: before.id },
    data: { ...data, version: { increment: 1 } },
  });
  const value = typeof data.name === "string" ? data.name : before.name;
  const role = await refuseDuplicate(updated, { field: "metadata.name", value });
  await keepVersion(tx, ctx, role, change);
  return role;
}

async function keepVersion(
  tx: Transaction,
  ctx: Context,
  role: Role,
  { change, reason }: Change,
): Promise<void> {
  const document = canonicalDocument(requireDocument(documentOf(role))) as object;
  const { id: roleId, version } = role;
  await tx.roleVersion.create({
    data: { roleId, version, change, reason, document, author: actorName(ctx) ?? "" },
  });
  await announceAccessChange(tx);
}
