import { config } from "../../../../lib/config.ts";
import type { Context } from "../../../../lib/context.ts";
import { beginLocalSession } from "../../../../lib/identity/local/sign-in/begin-session.ts";
import type { LocalIdentity } from "../../../../lib/identity/local/sign-in/mutations.ts";
import { requireSameOrigin } from "../../../../lib/identity/same-origin.ts";

/** Signing in is for the console's own page: another site must not sign a browser in as somebody of its choice. */
export const ownPageAlone = (request: Request) => requireSameOrigin(request, config().publicUrl);

/** Answers with the cookie of a new session. */
export async function answerWithSession(
  request: Request,
  ctx: Context,
  { identity, body }: { identity: LocalIdentity; body?: unknown },
): Promise<Response> {
  const cookie = await beginLocalSession(request, ctx, identity);
  const headers = { "set-cookie": cookie };
  return body === undefined ? new Response(null, { status: 204, headers }) : Response.json(body, { headers });
}
