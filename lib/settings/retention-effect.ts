import { requirePermission } from "../access/permission.ts";
import { countExpiring } from "../audit/retention/expiring.ts";
import type { Context } from "../context.ts";
import { pool } from "../db/connection.ts";
import type { RetentionEffect } from "./schema.ts";

/** What the next night would remove of the record with another `audit.retention_days`: for whoever is about to change it. */
export async function getRetentionEffect({
  ctx,
  input,
}: {
  ctx: Context;
  input: { days: number };
}): Promise<RetentionEffect> {
  requirePermission(ctx, "settings:read");
  return countExpiring(pool(), input.days);
}
