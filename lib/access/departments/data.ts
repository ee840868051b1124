import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { countGrants, searched } from "../scopes/named.ts";
import { ListScopesQuery } from "../scopes/schema.ts";
import type { DepartmentView } from "./schema.ts";

export const WITH_PROJECTS = {
  projects: {
    select: { project: { select: { id: true, name: true } } },
    orderBy: { project: { name: "asc" } },
  },
} as const satisfies Prisma.DepartmentInclude;
type Row = Prisma.DepartmentGetPayload<{ include: typeof WITH_PROJECTS }>;

/** Departments by name, as many as asked for, and how many there are that match. */
export async function listDepartments({
  ctx,
  input = {},
}: {
  ctx: Context;
  input?: ListScopesQuery;
}): Promise<{ departments: DepartmentView[]; total: number }> {
  requirePermission(ctx, "projects:read");
  const { search, limit, offset } = ListScopesQuery.parse(input);
  const where = searched(search);
  const [rows, total] = await Promise.all([
    database().department.findMany({
      where,
      include: WITH_PROJECTS,
      orderBy: { name: "asc" },
      take: limit,
      skip: offset,
    }),
    database().department.count({ where }),
  ]);
  const grants = await countGrants(
    database(),
    "departmentId",
    rows.map(({ id }) => id),
  );
  return { departments: rows.map((row) => viewDepartment(row, grants.get(row.id) ?? 0)), total };
}

/** @throws AppError `not_found`. */
export async function getDepartment({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<DepartmentView> {
  requirePermission(ctx, "projects:read");
  return readDepartment(database(), input.id);
}

/** @throws AppError `not_found`. */
export async function readDepartment(
  tx: Pick<Transaction, "department" | "grant">,
  id: string,
): Promise<DepartmentView> {
  const row = await tx.department.findUnique({ where: { id }, include: WITH_PROJECTS });
  if (!row) throw new AppError("not_found", "There is no department with that id.");
  return viewDepartment(row, (await countGrants(tx, "departmentId", [id])).get(id) ?? 0);
}

/** A department as the API shows it. */
export function viewDepartment(row: Row, grants: number): DepartmentView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    projects: row.projects.map(({ project }) => project),
    grants,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
