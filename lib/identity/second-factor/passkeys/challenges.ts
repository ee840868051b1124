import { createHash } from "node:crypto";
import { z } from "zod";
import { database } from "../../../db/connection.ts";

/** What a signature is for: one that was made for another purpose, or in another session, counts for nothing. */
export interface ChallengeUse {
  purpose: "register" | "sign-in" | "step-up";
  /** Whose console session asked; null to sign in. */
  sessionId: string | null;
}

/** So long a person may look for their key. */
const LASTS_MS = 5 * 60_000;
/** So many are open at once, of all; of more, the oldest do not count any more. */
const MOST_KEPT = 2_000;

const idOf = (challenge: string) => new Uint8Array(createHash("sha256").update(challenge, "utf8").digest());

/** Keeps what an authenticator is asked to sign. */
export async function keepChallenge(challenge: string, use: ChallengeUse): Promise<void> {
  const expiresAt = new Date(Date.now() + LASTS_MS);
  await database().passkeyChallenge.create({ data: { id: idOf(challenge), ...use, expiresAt } });
  await database().$executeRaw`
    delete from passkey_challenges where expires_at < now()
      or id in (select id from passkey_challenges order by expires_at desc offset ${MOST_KEPT})`;
}

/**
 * Takes the challenge away that a browser's answer names (Web Authentication Level 3, section 5.8.1).
 * @returns it; null where it was not asked for this use, or was answered already.
 */
export async function takeChallengeOf(
  answer: unknown,
  { purpose, sessionId }: ChallengeUse,
): Promise<string | null> {
  const challenge = readChallenge(answer);
  if (challenge === null) return null;
  const { count } = await database().passkeyChallenge.deleteMany({
    where: { id: idOf(challenge), purpose, sessionId, expiresAt: { gt: new Date() } },
  });
  return count === 1 ? challenge : null;
}

const Answer = z.object({ response: z.object({ clientDataJSON: z.string() }) });
const ClientData = z.object({ challenge: z.string() });

function readChallenge(answer: unknown): string | null {
  try {
    const { clientDataJSON } = Answer.parse(answer).response;
    return ClientData.parse(JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"))).challenge;
  } catch {
    return null;
  }
}
