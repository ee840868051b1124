import { z } from "zod";
import { COMMAND_LINE_CLIENT, DeviceName, isLoopbackRedirect, REDIRECT_TAKES } from "../client/schema.ts";

const once = (takes: string) => z.string(takes);

/** What the command line asks a browser for (RFC 6749, section 4.1.1; RFC 7636, section 4.3). Other parameters are ignored. */
export const AuthorizationRequest = z.object({
  response_type: z.literal("code", "takes code"),
  client_id: z.literal(COMMAND_LINE_CLIENT, `takes ${COMMAND_LINE_CLIENT}`),
  redirect_uri: once(REDIRECT_TAKES).refine(isLoopbackRedirect, REDIRECT_TAKES),
  code_challenge: once("takes the SHA-256 of the verifier in base64url").regex(
    /^[A-Za-z0-9_-]{43}$/,
    "takes the SHA-256 of the verifier in base64url: 43 characters",
  ),
  code_challenge_method: z.literal("S256", "takes S256"),
  state: once("takes at most 512 characters").max(512, "takes at most 512 characters").optional(),
  scope: once("takes scopes, a space between").max(2_000, "takes at most 2000 characters").optional(),
  device_name: DeviceName.optional(),
});
export type AuthorizationRequest = z.infer<typeof AuthorizationRequest>;

export const AnswerAuthorization = z.strictObject({
  request: AuthorizationRequest,
  answer: z.enum(["approve", "refuse"], "takes approve or refuse"),
});
export type AnswerAuthorization = z.infer<typeof AnswerAuthorization>;

/** Where the browser has to go. */
export const AuthorizationAnswer = z.object({ redirectTo: z.url() });
export type AuthorizationAnswer = z.infer<typeof AuthorizationAnswer>;
