import type { Webhook } from "../../prisma/generated/client.ts";
import { requirePermission } from "../access/permission.ts";
import type { Context } from "../context.ts";
import { database } from "../db/connection.ts";
import { WebhookType, type WebhookView } from "./schema.ts";

/** A row with how many messages wait for it. */
type Counted = Webhook & { _count: { deliveries: number } };

export const COUNTED = { _count: { select: { deliveries: true } } } as const;

/** Every destination, by name. */
export async function listWebhooks({ ctx }: { ctx: Context }): Promise<WebhookView[]> {
  requirePermission(ctx, "settings:read");
  const rows = await database().webhook.findMany({ include: COUNTED, orderBy: { name: "asc" } });
  return rows.map(viewWebhook);
}

/** A destination as the API shows it: never its secret. */
export function viewWebhook(row: Counted): WebhookView {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    // What another version knew stays out.
    types: row.types.flatMap((type) => WebhookType.safeParse(type).data ?? []),
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    waiting: row._count.deliveries,
    dropped: row.dropped,
    last:
      row.lastAt === null
        ? null
        : {
            at: row.lastAt.toISOString(),
            type: row.lastType ?? "",
            status: row.lastStatus,
            error: row.lastError,
          },
  };
}
