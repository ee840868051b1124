import {
  beginAuthenticator,
  removeAuthenticator,
} from "../../../../../../lib/identity/second-factor/own/mutations.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json(await beginAuthenticator({ ctx }), { status: 201 }),
);

export const DELETE = handle({ permission: "tokens:own" }, async ({ ctx }) => {
  await removeAuthenticator({ ctx });
  return new Response(null, { status: 204 });
});
