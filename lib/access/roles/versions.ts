import { createTwoFilesPatch } from "diff";
import type { RoleVersion } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { roleNotFound } from "./data.ts";
import { requireDocument } from "./document/stored-document.ts";
import { writeDocument } from "./document/write-document.ts";
import { RoleChange, type RoleVersionDetail, type RoleVersionPage, type RoleVersionView } from "./schema.ts";

/** The versions of a role, the newest first. @throws AppError `not_found`. */
export async function listRoleVersions({
  ctx,
  input: { id, before, limit },
}: {
  ctx: Context;
  input: { id: string; before?: number; limit: number };
}): Promise<RoleVersionPage> {
  requirePermission(ctx, "access:read");
  if ((await database().role.count({ where: { id } })) === 0) throw roleNotFound();
  const rows = await database().roleVersion.findMany({
    where: { roleId: id, ...(before === undefined ? {} : { version: { lt: before } }) },
    orderBy: { version: "desc" },
    take: limit + 1,
  });
  const versions = rows.slice(0, limit).map(viewVersion);
  return { versions, next: rows.length > limit ? (versions.at(-1)?.version ?? null) : null };
}

/** One version of a role, and what changed since the one before, or since `against`. @throws AppError `not_found`. */
export async function getRoleVersion({
  ctx,
  input: { id, version, against = version - 1 },
}: {
  ctx: Context;
  input: { id: string; version: number; against?: number };
}): Promise<RoleVersionDetail> {
  requirePermission(ctx, "access:read");
  const row = await requireVersion(id, version);
  const document = requireDocument(row.document);
  const yaml = writeDocument(document);
  const other = against === 0 ? null : await requireVersion(id, against);
  const former = other === null ? "" : writeDocument(requireDocument(other.document));
  const diff =
    former === yaml
      ? ""
      : createTwoFilesPatch(`version ${against}`, `version ${version}`, former, yaml, "", "", { context: 3 });
  return { ...viewVersion(row), document, yaml, diff, against: other?.version ?? null };
}

/** @throws AppError `not_found`. */
export async function requireVersion(roleId: string, version: number): Promise<RoleVersion> {
  const row = await database().roleVersion.findUnique({ where: { roleId_version: { roleId, version } } });
  if (!row) throw new AppError("not_found", `There is no version ${version} of that role.`);
  return row;
}

function viewVersion({ version, change, reason, author, createdAt }: RoleVersion): RoleVersionView {
  return { version, change: RoleChange.parse(change), reason, author, createdAt: createdAt.toISOString() };
}
