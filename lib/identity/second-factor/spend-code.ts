import type { Transaction } from "../../db/client.ts";
import { openTotpSecret } from "./authenticator/sealed-secret.ts";
import { stepOfCode } from "./authenticator/totp.ts";
import { spendRecoveryCode } from "./recovery/recovery-codes.ts";

export type CodeKind = "authenticator" | "recovery";

const SIX_DIGITS = /^\d{6}$/;

/**
 * Uses a code of a person's up, of the authenticator app or a recovery code, as its form says.
 * @returns which it was; null for one that does not count, also one that counted before.
 */
export async function spendCode(tx: Transaction, userId: string, typed: string): Promise<CodeKind | null> {
  const code = typed.replace(/\s/g, "");
  if (!SIX_DIGITS.test(code)) return (await spendRecoveryCode(tx, userId, code)) ? "recovery" : null;
  return (await spendAppCode(tx, userId, code)) ? "authenticator" : null;
}

async function spendAppCode(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const app = await tx.authenticatorApp.findUnique({ where: { userId } });
  const sealed = app?.secret ?? null;
  if (sealed === null) return false;
  const step = stepOfCode({ secret: openTotpSecret(userId, sealed), code });
  if (step === null) return false;
  // Of two requests with one code, the row lets the first pass.
  const { count } = await tx.authenticatorApp.updateMany({
    where: { userId, lastStep: { lt: step } },
    data: { lastStep: step, lastUsedAt: new Date() },
  });
  return count === 1;
}
