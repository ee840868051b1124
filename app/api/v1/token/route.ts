import { AppError } from "../../../../lib/errors.ts";
import { issueApplicationToken } from "../../../../lib/identity/application-tokens/mutations.ts";
import {
  isTokenRequest,
  TokenRequestError,
} from "../../../../lib/identity/application-tokens/token-request.ts";
import { TokenGrant } from "../../../../lib/identity/applications/schema.ts";
import { handle } from "../../handle.ts";
import { answerTokenRequest, oauthToken } from "./answer-oauth.ts";

export const dynamic = "force-dynamic";

/** In the product's own form, as JSON. */
const answerJson = handle({ permission: null, body: TokenGrant }, async ({ ctx, body }) => {
  const token = await issueApplicationToken({ ctx, input: body }).catch(inOwnForm);
  // Clients of RFC 6749, section 5.1 read the names with underscores.
  return Response.json({ ...token, ...oauthToken(token) }, { headers: { Pragma: "no-cache" } });
});

export const POST: typeof answerJson = (request, route) =>
  isTokenRequest(request.headers) ? answerTokenRequest(request) : answerJson(request, route);

/** In this form errors are those of the API. */
function inOwnForm(error: unknown): never {
  if (!(error instanceof TokenRequestError)) throw error;
  throw new AppError("invalid_argument", error.message, { details: [{ field: "scope" }] });
}
