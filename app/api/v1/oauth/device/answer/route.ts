import { answerDevice } from "../../../../../../lib/identity/oauth/device/mutations.ts";
import { AnswerDevice } from "../../../../../../lib/identity/oauth/device/schema.ts";
import { handle } from "../../../../handle.ts";

export const POST = handle({ permission: "tokens:own", body: AnswerDevice }, async ({ ctx, body }) => {
  await answerDevice({ ctx, input: body });
  return new Response(null, { status: 204 });
});
