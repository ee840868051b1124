import { listProviderViews } from "../../../../lib/identity/provider-store/data.ts";
import { createProvider } from "../../../../lib/identity/provider-store/mutations.ts";
import { CreateProviderInput } from "../../../../lib/identity/provider-store/schema.ts";
import { MOST_PROVIDER_BYTES } from "../../../../lib/limits/body-sizes.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "settings:read" }, async ({ ctx }) =>
  Response.json({ providers: await listProviderViews({ ctx }) }),
);

export const POST = handle(
  { permission: "settings:write", body: CreateProviderInput, mostBodyBytes: MOST_PROVIDER_BYTES },
  async ({ ctx, body }) => Response.json(await createProvider({ ctx, input: body }), { status: 201 }),
);
