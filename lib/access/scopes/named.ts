import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";
import { MOST_OF_A_KIND } from "./schema.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isId = (text: string) => UUID.test(text);

/** What identifies a row in a request: its id or its name. */
export const byIdOrName = (text: string) => (isId(text) ? { id: text } : { name: text });

/** What a search finds: in name or description, in any case. */
export function searched(search: string | undefined) {
  if (!search) return {};
  // Prisma passes it to ILIKE as it is: no character of it is a wildcard.
  const part = { contains: search.replaceAll(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return { OR: [{ name: part }, { description: part }] };
}

/** @throws AppError `resource_exhausted` where there are as many as there may be. */
export function requireRoom(count: number, noun: string): void {
  if (count < MOST_OF_A_KIND) return;
  throw new AppError(
    "resource_exhausted",
    `There are ${count} ${noun} already, the most there may be. Delete one first.`,
  );
}

type ScopeColumn = "projectId" | "departmentId" | "nodePoolId";

/** How many grants that are not revoked name each. */
export async function countGrants(
  tx: Pick<Transaction, "grant">,
  column: ScopeColumn,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const counted = await tx.grant.groupBy({
    by: [column],
    where: { revokedAt: null, [column]: { in: [...ids] } },
    _count: true,
  });
  return new Map(counted.map((row) => [row[column] as string, row._count]));
}

type GrantColumn = ScopeColumn | "roleId";

/** What names the grants that keep something from being deleted. */
const MOST_NAMED = 5;

/**
 * Refuses to delete what grants name; the caller has locked its row.
 * @throws AppError `conflict`, which names them.
 */
export async function requireUngranted(
  tx: Transaction,
  column: GrantColumn,
  { id, what }: { id: string; what: string },
): Promise<void> {
  const grants = await tx.grant.findMany({
    where: { [column]: id, revokedAt: null },
    select: { id: true, subjectKind: true, subjectId: true, role: { select: { name: true } } },
    orderBy: { createdAt: "asc" },
  });
  if (grants.length === 0) return;
  const named = await Promise.all(
    grants
      .slice(0, MOST_NAMED)
      .map(async (grant) => `${grant.role.name} to ${grant.subjectKind} ${await subjectName(tx, grant)}`),
  );
  const more = grants.length > named.length ? `, and ${grants.length - named.length} more` : "";
  const one = grants.length === 1;
  throw new AppError(
    "conflict",
    `${what} is named by ${grants.length} ${one ? "grant" : "grants"} (${named.join("; ")}${more}). Revoke ${one ? "it" : "them"} first.`,
  );
}

async function subjectName(
  tx: Transaction,
  { subjectKind, subjectId: id }: { subjectKind: string; subjectId: string },
): Promise<string> {
  const where = { where: { id } };
  if (subjectKind === "user") return (await tx.user.findUnique(where))?.email ?? id;
  if (subjectKind === "group") return (await tx.group.findUnique(where))?.name ?? id;
  return (await tx.application.findUnique(where))?.name ?? id;
}
