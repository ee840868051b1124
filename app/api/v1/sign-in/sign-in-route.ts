import { config } from "../../../../lib/config.ts";
import type { Context } from "../../../../lib/context.ts";
import type { LocalIdentity } from "../../../../lib/identity/local/sign-in/sign-in.ts";
import { LOCAL_PROVIDER_ID } from "../../../../lib/identity/providers/local/provider.ts";
import { readSessionCookie } from "../../../../lib/identity/request-context.ts";
import { requireSameOrigin } from "../../../../lib/identity/same-origin.ts";
import { beginSession } from "../../../../lib/identity/sign-in/begin-session.ts";

/** Signing in is for the console's own page: another site must not sign a browser in as somebody of its choice. */
export const ownPageAlone = (request: Request) => requireSameOrigin(request, config().publicUrl);

/** Answers with the cookie of a new session, whatever cookie the browser brought; that one's session ends. */
export async function answerWithSession(
  request: Request,
  ctx: Context,
  { identity, body }: { identity: LocalIdentity; body?: unknown },
): Promise<Response> {
  const replaces = readSessionCookie(request.headers);
  const { cookie } = await beginSession({
    ctx,
    input: { ...identity, provider: LOCAL_PROVIDER_ID, replaces },
  });
  const headers = { "set-cookie": cookie };
  return body === undefined ? new Response(null, { status: 204, headers }) : Response.json(body, { headers });
}
