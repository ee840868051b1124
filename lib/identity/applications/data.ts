import type { Application } from "../../../prisma/generated/client.ts";
import { readScopes } from "../../access/key-scopes/kept-scopes.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import type { ApplicationView } from "./schema.ts";

/** Every application, by name. */
export async function listApplications({ ctx }: { ctx: Context }): Promise<ApplicationView[]> {
  requirePermission(ctx, "applications:read");
  const applications = await database().application.findMany({ orderBy: { name: "asc" } });
  return applications.map(viewApplication);
}

export function viewApplication(row: Application): ApplicationView {
  return {
    id: row.id,
    name: row.name,
    consoleRole: row.consoleRole === "administrator" ? "administrator" : "auditor",
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedFrom: row.lastUsedFrom,
    scopes: readScopes(row.scopes)?.slice() ?? null,
    networks: row.networks,
    secretCreatedAt: row.secretCreatedAt?.toISOString() ?? null,
    secretExpiresAt: row.secretExpiresAt?.toISOString() ?? null,
    previousSecretEndsAt: isPreviousCounting(row) ? row.previousSecretEndsAt.toISOString() : null,
  };
}

/** Whether the secret before the present one still counts beside it. */
export function isPreviousCounting(
  row: Application,
): row is Application & { previousSecretHash: Uint8Array; previousSecretEndsAt: Date } {
  return row.previousSecretHash !== null && (row.previousSecretEndsAt?.getTime() ?? 0) > Date.now();
}
