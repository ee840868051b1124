import { passkeySignInOptions } from "../../../../../../lib/identity/local/data.ts";
import { handle } from "../../../../handle.ts";
import { ownPageAlone } from "../../sign-in-route.ts";

export const POST = handle({ permission: null }, async ({ request }) => {
  ownPageAlone(request);
  return Response.json(await passkeySignInOptions());
});
