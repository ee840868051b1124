import { z } from "zod";
import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { requirePermission } from "../permission.ts";
import { countGrants, searched } from "../scopes/named.ts";
import { ListScopesQuery, ProjectMember } from "../scopes/schema.ts";
import type { ProjectView } from "./schema.ts";

export const WITH_DEPARTMENTS = {
  departments: {
    select: { department: { select: { id: true, name: true } } },
    orderBy: { department: { name: "asc" } },
  },
} as const satisfies Prisma.ProjectInclude;
type Row = Prisma.ProjectGetPayload<{ include: typeof WITH_DEPARTMENTS }>;

const Members = z.array(ProjectMember);

/** Projects by name, as many as asked for, and how many there are that match. */
export async function listProjects({
  ctx,
  input = {},
}: {
  ctx: Context;
  input?: ListScopesQuery;
}): Promise<{ projects: ProjectView[]; total: number }> {
  requirePermission(ctx, "projects:read");
  const { search, limit, offset } = ListScopesQuery.parse(input);
  const where = searched(search);
  const [rows, total] = await Promise.all([
    database().project.findMany({
      where,
      include: WITH_DEPARTMENTS,
      orderBy: { name: "asc" },
      take: limit,
      skip: offset,
    }),
    database().project.count({ where }),
  ]);
  const grants = await countGrants(
    database(),
    "projectId",
    rows.map(({ id }) => id),
  );
  return { projects: rows.map((row) => viewProject(row, grants.get(row.id) ?? 0)), total };
}

/** @throws AppError `not_found`. */
export async function getProject({
  ctx,
  input,
}: {
  ctx: Context;
  input: { id: string };
}): Promise<ProjectView> {
  requirePermission(ctx, "projects:read");
  return readProject(database(), input.id);
}

/** @throws AppError `not_found`. */
export async function readProject(
  tx: Pick<Transaction, "project" | "grant">,
  id: string,
): Promise<ProjectView> {
  const row = await tx.project.findUnique({ where: { id }, include: WITH_DEPARTMENTS });
  if (!row) throw new AppError("not_found", "There is no project with that id.");
  return viewProject(row, (await countGrants(tx, "projectId", [id])).get(id) ?? 0);
}

/** A project as the API shows it. */
export function viewProject(row: Row, grants: number): ProjectView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    members: Members.parse(row.members),
    departments: row.departments.map(({ department }) => department),
    grants,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
