import { PasswordSignInInput } from "../../../../../lib/identity/local/schema.ts";
import { signInWithPassword } from "../../../../../lib/identity/local/sign-in/sign-in.ts";
import { handle } from "../../../handle.ts";
import { answerWithSession, ownPageAlone } from "../sign-in-route.ts";

export const POST = handle(
  { permission: null, body: PasswordSignInInput },
  async ({ ctx, request, body: input }) => {
    ownPageAlone(request);
    return answerWithSession(request, ctx, { identity: await signInWithPassword({ ctx, input }) });
  },
);
