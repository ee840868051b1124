import type { AlertChannel } from "../../../prisma/generated/client.ts";
import { requirePermission } from "../../access/permission.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { settingsOf } from "./kept.ts";
import type { ChannelView } from "./schema.ts";

/** A row with how many messages wait for it. */
type Counted = AlertChannel & { _count: { deliveries: number } };

export const COUNTED = { _count: { select: { deliveries: true } } } as const;

/** Every channel, by name. */
export async function listChannels({ ctx }: { ctx: Context }): Promise<ChannelView[]> {
  requirePermission(ctx, "alerts:read");
  const rows = await database().alertChannel.findMany({ include: COUNTED, orderBy: { name: "asc" } });
  return rows.map(viewChannel);
}

/** A channel as the API shows it: never its secret. */
export function viewChannel(row: Counted): ChannelView {
  const { id, name, enabled, createdAt, dropped, lastAt, lastError, secret } = row;
  const settings = settingsOf(row);
  return {
    id,
    name,
    to: settings.kind === "email" ? { ...settings, hasPassword: secret !== null } : settings,
    enabled,
    createdAt: createdAt.toISOString(),
    waiting: row._count.deliveries,
    dropped,
    last: lastAt === null ? null : { at: lastAt.toISOString(), error: lastError },
  };
}
