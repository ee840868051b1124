import type { AccessToken } from "../../../prisma/generated/client.ts";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { hashCredential, isWellFormed } from "../tokens/format.ts";

/** The row of a token that somebody presents; null where there is none, or it is a terminal's, which nobody has ever seen. */
export async function findPresentedToken(
  tx: Pick<Transaction, "accessToken">,
  token: string,
): Promise<AccessToken | null> {
  if (!isWellFormed("token", token)) return null;
  const row = await tx.accessToken.findUnique({ where: { tokenHash: hashCredential(token) } });
  return row?.terminalId === null ? row : null;
}

/** Whether the token speaks for the one who asks. */
export function isOwn({ actor }: Context, { userId, applicationId }: AccessToken): boolean {
  if (actor.kind === "user") return userId === actor.id;
  return actor.kind === "application" && applicationId === actor.id;
}
