import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { recordFailedAuthentication } from "../../failed-authentication/record.ts";
import { COMMAND_LINE_CLIENT } from "../client/schema.ts";
import type { CommandLineGrant } from "./read-grant.ts";
import { redeemCode } from "./redeem-code.ts";
import { redeemDeviceCode } from "./redeem-device-code.ts";
import { redeemRefreshToken } from "./redeem-refresh-token.ts";
import { Refused, Unknown } from "./refused.ts";
import { findTarget } from "./target.ts";
import type { LoginTokens } from "./token-answer.ts";

/**
 * Gives the command line tokens for what it holds: a code, a device code, a refresh token. What was never given to it is a failed authentication.
 * @throws TokenRequestError; AppError `resource_exhausted` for a login that asks too often.
 */
export async function redeemGrant({
  ctx,
  input,
}: {
  ctx: Context;
  input: CommandLineGrant;
}): Promise<LoginTokens> {
  const claimed = { ...ctx, actor: { kind: "anonymous" as const, claimed: COMMAND_LINE_CLIENT } };
  const target = await findTarget(claimed, input);
  const answer = await inTransaction(database(), (tx) => {
    if (input.kind === "authorization_code") return redeemCode(tx, claimed, input, target);
    if (input.kind === "device_code") return redeemDeviceCode(tx, claimed, input, target);
    return redeemRefreshToken(tx, claimed, input, target);
  });
  if (!(answer instanceof Refused)) return answer;
  if (answer instanceof Unknown) {
    const named = { entityName: COMMAND_LINE_CLIENT };
    await recordFailedAuthentication(claimed, { error: answer.description, ...named });
  }
  throw new TokenRequestError(answer.code, answer.description);
}
