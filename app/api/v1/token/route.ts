import { issueApplicationToken } from "../../../../lib/identity/application-tokens/mutations.ts";
import { TokenGrant } from "../../../../lib/identity/applications/schema.ts";
import { handle } from "../../handle.ts";

export const dynamic = "force-dynamic";

export const POST = handle({ permission: null, body: TokenGrant }, async ({ ctx, body }) => {
  const token = await issueApplicationToken({ ctx, input: body });
  const { accessToken, tokenType, expiresIn } = token;
  // Clients of RFC 6749, section 5.1 read the names with underscores.
  const oauth = { access_token: accessToken, token_type: tokenType, expires_in: expiresIn };
  return Response.json({ ...token, ...oauth }, { headers: { Pragma: "no-cache" } });
});
