import { issueApplicationToken } from "../../../../lib/identity/application-tokens/mutations.ts";
import { isTokenRequest } from "../../../../lib/identity/application-tokens/token-request.ts";
import { TokenGrant } from "../../../../lib/identity/applications/schema.ts";
import { handle } from "../../handle.ts";
import { answerTokenRequest, oauthToken } from "./answer-token-request.ts";

export const dynamic = "force-dynamic";

/** In the product's own form, as JSON. */
const answerJson = handle({ permission: null, body: TokenGrant }, async ({ ctx, body }) => {
  const token = await issueApplicationToken({ ctx, input: body });
  // Clients of RFC 6749, section 5.1 read the names with underscores.
  return Response.json({ ...token, ...oauthToken(token) }, { headers: { Pragma: "no-cache" } });
});

export const POST: typeof answerJson = (request, route) =>
  isTokenRequest(request.headers) ? answerTokenRequest(request) : answerJson(request, route);
