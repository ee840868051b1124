import type { LocalSetUp, User } from "../../../../prisma/generated/client.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { type AttemptKey, clearAttempts, takeAttempt } from "../../attempts/attempts.ts";
import { recordFailedAuthentication } from "../../failed-authentication/record.ts";
import { hashOneTimeCode } from "../../second-factor/recovery/one-time-code.ts";
import type { OpenedSetUp, OpenSetUpInput } from "../schema.ts";

export type SetUpRow = LocalSetUp & { user: User | null };

const SET_UP_REFUSED =
  "The one-time code is not right, was used, or has expired. An administrator can make another; for the first visit, start again.";

/**
 * The set-up that a one-time code is for.
 * @throws AppError `invalid_argument`, alike for a code that is wrong, used or expired; `resource_exhausted` for an address that tried too many.
 */
export async function findSetUp(ctx: Context, code: string): Promise<SetUpRow> {
  const key: AttemptKey = { of: "set-up", subject: { address: ctx.sourceIp } };
  await takeAttempt(key);
  const row = await database().localSetUp.findUnique({
    where: { codeHash: hashOneTimeCode(code) },
    include: { user: true },
  });
  if (row && row.expiresAt.getTime() > Date.now() && row.user?.enabled !== false) {
    await clearAttempts(key);
    return row;
  }
  await recordFailedAuthentication(
    { ...ctx, actor: { kind: "anonymous" } },
    { error: "the one-time code to set up is wrong, used or expired", provider: "local" },
  );
  throw setUpRefused();
}

export const setUpRefused = () =>
  new AppError("invalid_argument", SET_UP_REFUSED, {
    details: [{ field: "code", got: "another", takes: "a one-time code that counts" }],
  });

/** For whom a one-time code is. */
export async function openSetUp({
  ctx,
  input,
}: {
  ctx: Context;
  input: OpenSetUpInput;
}): Promise<OpenedSetUp> {
  const { user, expiresAt } = await findSetUp(ctx, input.code);
  return {
    isFirstVisit: user === null,
    email: user?.email ?? null,
    name: user?.name ?? null,
    expiresAt: expiresAt.toISOString(),
  };
}
