import { listTokens } from "../../../../lib/identity/tokens/data.ts";
import { issueToken } from "../../../../lib/identity/tokens/mutations.ts";
import { IssueTokenInput } from "../../../../lib/identity/tokens/schema.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ permission: "tokens:own" }, async ({ ctx }) =>
  Response.json({ tokens: await listTokens({ ctx }) }),
);

export const POST = handle({ permission: "tokens:own", body: IssueTokenInput }, async ({ ctx, body }) =>
  Response.json(await issueToken({ ctx, input: body }), { status: 201 }),
);
