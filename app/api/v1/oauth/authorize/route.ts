import { answerAuthorization } from "../../../../../lib/identity/oauth/authorize/mutations.ts";
import { AnswerAuthorization } from "../../../../../lib/identity/oauth/authorize/schema.ts";
import { handle } from "../../../handle.ts";

export const POST = handle({ permission: "tokens:own", body: AnswerAuthorization }, async ({ ctx, body }) =>
  Response.json(await answerAuthorization({ ctx, input: body })),
);
