import { readParameters } from "../../../../../lib/identity/application-tokens/token-request.ts";
import { isCommandLine } from "../../../../../lib/identity/oauth/client/requested.ts";
import { revokeLoginToken, revokePresentedToken } from "../../../../../lib/identity/oauth/mutations.ts";
import { readTokenQuestion, requireToken } from "../../../../../lib/identity/oauth/token-question.ts";
import { answerOAuth } from "../answer-oauth.ts";

export const dynamic = "force-dynamic";

/** RFC 7009. */
export const POST = (request: Request): Promise<Response> =>
  answerOAuth(request, async ({ ctx: anonymous, ...asked }) => {
    const parameters = readParameters(asked.form);
    if (isCommandLine(asked.authorization, parameters)) {
      await revokeLoginToken({ ctx: anonymous, input: { token: requireToken(parameters) } });
      return {};
    }
    const { ctx, token } = await readTokenQuestion(anonymous, asked);
    await revokePresentedToken({ ctx, input: { token } });
    return {};
  });
