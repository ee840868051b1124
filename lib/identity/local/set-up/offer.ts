import { config } from "../../../config.ts";
import type { Transaction } from "../../../db/client.ts";
import { hashOneTimeCode, newOneTimeCode } from "../../second-factor/recovery/one-time-code.ts";

/** 100 random bits. */
const SHAPE = { characters: 20, group: 5 };

const SET_UP_PAGE = "/signin/set-up";

/** A one-time code, for who is to set up password and second factor. */
export interface Offer {
  code: string;
  url: string;
  expiresAt: Date;
}

/** Makes a one-time code; one for the same person from before does not count any more. `userId`: null for the first visit. */
export async function offerSetUp(
  tx: Transaction,
  { userId, lastsMs }: { userId: string | null; lastsMs: number },
): Promise<Offer> {
  const code = newOneTimeCode(SHAPE);
  const expiresAt = new Date(Date.now() + lastsMs);
  const over = { expiresAt: { lt: new Date() } };
  await tx.localSetUp.deleteMany({ where: userId === null ? over : { OR: [over, { userId }] } });
  await tx.localSetUp.create({ data: { codeHash: hashOneTimeCode(code), userId, expiresAt } });
  // Browsers send no fragment: the code is in no log of a proxy.
  return { code, url: `${config().publicUrl}${SET_UP_PAGE}#${code}`, expiresAt };
}
