import { getRetentionEffect } from "../../../../../lib/settings/retention-effect.ts";
import { RetentionQuery } from "../../../../../lib/settings/schema.ts";
import { handle } from "../../../handle.ts";

export const GET = handle({ permission: "settings:read", query: RetentionQuery }, async ({ ctx, query }) =>
  Response.json(await getRetentionEffect({ ctx, input: query })),
);
