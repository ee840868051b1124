import { readScopes } from "../../../access/key-scopes/kept-scopes.ts";
import { recordEvent } from "../../../audit/events/record.ts";
import type { Context } from "../../../context.ts";
import { inTransaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { clearAttempts } from "../../attempts/attempts.ts";
import { holdApprover, requirePersonAtBrowser } from "../client/approver.ts";
import { COMMAND_LINE_CLIENT } from "../client/schema.ts";
import { attemptKeys, findByUserCode } from "./find-device.ts";
import type { AnswerDevice } from "./schema.ts";

/**
 * Signs in the device that shows the code as the person at the browser, or refuses it; it hears so when it asks next.
 * @throws AppError `not_found`, `resource_exhausted`, `permission_denied` for who did not come with a console session.
 */
export async function answerDevice({ ctx, input }: { ctx: Context; input: AnswerDevice }): Promise<void> {
  const found = await findByUserCode(ctx, input.userCode);
  const approved = input.answer === "approve";
  await inTransaction(database(), async (tx) => {
    const approver = await holdApprover(tx, ctx);
    const { count } = await tx.deviceRequest.updateMany({
      where: { id: found.id, answeredAt: null, expiresAt: { gt: new Date() } },
      data: { answeredAt: new Date(), approved, ...(approved && approver) },
    });
    if (count === 0)
      throw new AppError("conflict", "The device was answered already, or its code has expired.");
    const { name, sourceIp, userAgent, scopes } = found;
    await recordEvent(tx, ctx, {
      action: "Create",
      operation: approved ? "Approve" : "Refuse",
      entityType: "Login",
      entityId: approver.userId,
      entityName: ctx.actor.kind === "user" ? ctx.actor.email : null,
      after: {
        client: COMMAND_LINE_CLIENT,
        flow: "device",
        name,
        askedFrom: sourceIp,
        userAgent,
        scopes: readScopes(scopes),
      },
    });
  });
  await clearAttempts(...attemptKeys(ctx, requirePersonAtBrowser(ctx).userId));
}
