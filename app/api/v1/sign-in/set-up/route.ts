import { OpenSetUpInput } from "../../../../../lib/identity/local/schema.ts";
import { openSetUp } from "../../../../../lib/identity/local/set-up/find-set-up.ts";
import { handle } from "../../../handle.ts";
import { ownPageAlone } from "../sign-in-route.ts";

export const POST = handle({ permission: null, body: OpenSetUpInput }, async ({ ctx, request, body }) => {
  ownPageAlone(request);
  return Response.json(await openSetUp({ ctx, input: body }));
});
