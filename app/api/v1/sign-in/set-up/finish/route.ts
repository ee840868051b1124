import { FinishSetUpInput } from "../../../../../../lib/identity/local/schema.ts";
import { finishSetUp } from "../../../../../../lib/identity/local/set-up/mutations.ts";
import { handle } from "../../../../handle.ts";
import { answerWithSession, ownPageAlone } from "../../sign-in-route.ts";

export const POST = handle(
  { permission: null, body: FinishSetUpInput },
  async ({ ctx, request, body: input }) => {
    ownPageAlone(request);
    const { userId, recoveryCodes } = await finishSetUp({ ctx, input });
    const identity = { userId, secondFactorAt: new Date() };
    return answerWithSession(request, ctx, { identity, body: { recoveryCodes } });
  },
);
