import { getPerson } from "../../../../../lib/identity/people/data.ts";
import { setPersonEnabled } from "../../../../../lib/identity/people/mutations.ts";
import { SetPersonEnabledInput } from "../../../../../lib/identity/people/schema.ts";
import { handle } from "../../../handle.ts";
import { IdParameter } from "../../../id-parameter.ts";

export const GET = handle({ permission: "people:read", params: IdParameter }, async ({ ctx, params }) =>
  Response.json(await getPerson({ ctx, input: params })),
);

/** Disables a person, whose sessions and tokens end at once, or takes that back. */
export const PATCH = handle(
  { permission: "people:write", params: IdParameter, body: SetPersonEnabledInput },
  async ({ ctx, params, body }) =>
    Response.json(await setPersonEnabled({ ctx, input: { ...params, ...body } })),
);
