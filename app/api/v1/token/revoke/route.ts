import { revokePresentedToken } from "../../../../../lib/identity/oauth/mutations.ts";
import { readTokenQuestion } from "../../../../../lib/identity/oauth/token-question.ts";
import { answerOAuth } from "../answer-oauth.ts";

export const dynamic = "force-dynamic";

/** RFC 7009. */
export const POST = (request: Request): Promise<Response> =>
  answerOAuth(request, async ({ ctx: anonymous, ...asked }) => {
    const { ctx, token } = await readTokenQuestion(anonymous, asked);
    await revokePresentedToken({ ctx, input: { token } });
    return {};
  });
