import { endPreviousSecret } from "../../../../../../../lib/identity/applications/mutations.ts";
import { handle } from "../../../../../handle.ts";
import { IdParameter } from "../../../../../id-parameter.ts";

/** The secret before the present one stops to count now, and what was bought with it. */
export const DELETE = handle(
  { permission: "applications:write", params: IdParameter },
  async ({ ctx, params }) => {
    await endPreviousSecret({ ctx, input: params });
    return new Response(null, { status: 204 });
  },
);
