import { findProviderView } from "../../../../../lib/identity/provider-store/data.ts";
import { removeProvider, updateProvider } from "../../../../../lib/identity/provider-store/mutations.ts";
import {
  ProviderIdParameter,
  UpdateProviderInput,
} from "../../../../../lib/identity/provider-store/schema.ts";
import { MOST_PROVIDER_BYTES } from "../../../../../lib/limits/body-sizes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { permission: "settings:read", params: ProviderIdParameter },
  async ({ ctx, params }) => Response.json(await findProviderView({ ctx, input: params })),
);

export const PATCH = handle(
  {
    permission: "settings:write",
    params: ProviderIdParameter,
    body: UpdateProviderInput,
    mostBodyBytes: MOST_PROVIDER_BYTES,
  },
  async ({ ctx, params, body }) =>
    Response.json(await updateProvider({ ctx, input: { ...body, ...params } })),
);

export const DELETE = handle(
  { permission: "settings:write", params: ProviderIdParameter },
  async ({ ctx, params }) => {
    await removeProvider({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
