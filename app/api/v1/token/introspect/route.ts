import { introspectToken } from "../../../../../lib/identity/oauth/introspect.ts";
import { readTokenQuestion } from "../../../../../lib/identity/oauth/token-question.ts";
import { answerOAuth } from "../answer-oauth.ts";

export const dynamic = "force-dynamic";

/** RFC 7662. */
export const POST = (request: Request): Promise<Response> =>
  answerOAuth(request, async ({ ctx: anonymous, ...asked }) => {
    const { ctx, token } = await readTokenQuestion(anonymous, asked);
    return introspectToken({ ctx, input: { token } });
  });
