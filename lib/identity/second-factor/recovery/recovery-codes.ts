import type { Transaction } from "../../../db/client.ts";
import { hashOneTimeCode, newOneTimeCode } from "./one-time-code.ts";

const HOW_MANY = 10;
/** 80 random bits each. */
const SHAPE = { characters: 16, group: 4 };

/** Gives a person new recovery codes in place of those before. They are shown once: only hashes are kept. */
export async function replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: HOW_MANY }, () => newOneTimeCode(SHAPE));
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({ userId, codeHash: hashOneTimeCode(code) })),
  });
  return codes;
}

/** Uses a code up: true for one of the person's that was not used yet, once. */
export async function spendRecoveryCode(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, codeHash: hashOneTimeCode(code), usedAt: null },
    data: { usedAt: new Date() },
  });
  return count === 1;
}
