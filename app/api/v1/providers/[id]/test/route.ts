import { testProvider } from "../../../../../../lib/identity/provider-store/mutations.ts";
import { ProviderIdParameter } from "../../../../../../lib/identity/provider-store/schema.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle(
  { permission: "settings:write", params: ProviderIdParameter },
  async ({ ctx, params }) => Response.json(await testProvider({ ctx, input: params })),
);
