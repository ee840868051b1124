import { BeginSetUpInput } from "../../../../../../lib/identity/local/schema.ts";
import { beginSetUp } from "../../../../../../lib/identity/local/set-up/begin.ts";
import { handle } from "../../../../handle.ts";
import { ownPageAlone } from "../../sign-in-route.ts";

export const POST = handle({ permission: null, body: BeginSetUpInput }, async ({ ctx, request, body }) => {
  ownPageAlone(request);
  return Response.json(await beginSetUp({ ctx, input: body }));
});
