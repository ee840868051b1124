import { createHash } from "node:crypto";
import { database } from "../../db/connection.ts";
import { ATTEMPT_SECONDS } from "./attempt-cookies.ts";

/** Longer ones lead to the start: no page's address is as long. */
const MOST_CHARACTERS = 16_384;
/** So many are kept of all who are signing in; of more, the oldest lead to the start. */
const MOST_KEPT = 2_000;

const START = "/";
const keyOf = (attemptId: string) => createHash("sha256").update(attemptId, "utf8").digest("hex");

/**
 * Where to go after signing in or out: a page of this console, else its start.
 * @returns path, query and fragment.
 */
export function pathHere(url: string, publicUrl: string): string {
  if (!URL.canParse(url, publicUrl)) return START;
  const target = new URL(url, publicUrl);
  const path = target.pathname + target.search + target.hash;
  // `/.//host` is a path of this console, and what is left of it without the dot is another host.
  return [target, new URL(path, publicUrl)].every(({ origin }) => origin === publicUrl) ? path : START;
}

/** Keeps where somebody wants to go who begins to sign in: a cookie has no room for a long filter. */
export async function keepReturnPath(attemptId: string, returnPath: string): Promise<void> {
  if (returnPath === START || returnPath.length > MOST_CHARACTERS) return;
  const expiresAt = new Date(Date.now() + ATTEMPT_SECONDS * 1_000);
  await database().signInAttempt.create({ data: { id: keyOf(attemptId), returnPath, expiresAt } });
  await database().$executeRaw`
    delete from sign_in_attempts where expires_at < now()
      or id in (select id from sign_in_attempts order by expires_at desc offset ${MOST_KEPT})`;
}

/** Where the attempt leads; the start where that is not known. */
export async function readReturnPath(attemptId: string): Promise<string> {
  const kept = await database().signInAttempt.findUnique({ where: { id: keyOf(attemptId) } });
  return kept !== null && kept.expiresAt.getTime() > Date.now() ? kept.returnPath : START;
}
