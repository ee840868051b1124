import type { DeviceRequest } from "../../../../prisma/generated/client.ts";
import { readScopes } from "../../../access/key-scopes/kept-scopes.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, takeAttempt } from "../../attempts/attempts.ts";
import { requirePersonAtBrowser } from "../client/approver.ts";
import type { WaitingDevice } from "./schema.ts";
import { hashUserCode } from "./user-code.ts";

/**
 * The device that shows the code. Codes are short, so guesses are counted, of the person and of the address (RFC 8628, section 5.1).
 * @throws AppError `not_found`, `resource_exhausted` after some wrong ones, `permission_denied` without a console session.
 */
export async function findDevice({
  ctx,
  input,
}: {
  ctx: Context;
  input: { userCode: string };
}): Promise<WaitingDevice> {
  const { name, sourceIp, userAgent, scopes, createdAt, expiresAt } = await findByUserCode(
    ctx,
    input.userCode,
  );
  return {
    name,
    sourceIp,
    sameAddress: sourceIp !== null && sourceIp === ctx.sourceIp,
    userAgent,
    scopes: readScopes(scopes)?.slice() ?? null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** The row of one that waits. @throws as `findDevice` */
export async function findByUserCode(ctx: Context, typed: string): Promise<DeviceRequest> {
  const { userId } = requirePersonAtBrowser(ctx);
  await takeAttempt(...attemptKeys(ctx, userId));
  const userCodeHash = hashUserCode(typed);
  const found = userCodeHash && (await database().deviceRequest.findUnique({ where: { userCodeHash } }));
  if (!found || found.answeredAt !== null || found.expiresAt.getTime() <= Date.now()) {
    throw new AppError(
      "not_found",
      "No device waits with that code: it is mistyped, was answered, or is older than ten minutes.",
      { details: [{ field: "userCode", takes: "the code that the device shows now" }] },
    );
  }
  return found;
}

/** What guesses are counted by. They are forgiven by an answer, which uses a code up, and not by looking: else a code of one's own would forgive any number. */
export const attemptKeys = ({ sourceIp }: Context, userId: string): AttemptKey[] => [
  { of: "device", subject: { account: userId } },
  { of: "device", subject: { address: sourceIp } },
];
