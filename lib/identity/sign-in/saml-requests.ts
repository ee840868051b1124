import { createHash } from "node:crypto";
import { config } from "../../config.ts";
import { database } from "../../db/connection.ts";
import { openSealedText, sealText } from "../../pki/seal.ts";
import type { ProviderIdentity, SamlQuestion } from "../providers/provider/identity-provider.ts";
import { ATTEMPT_SECONDS } from "./attempt-cookies.ts";

/** So many are kept of all who are signing in; of more, the oldest have to begin again. */
const MOST_KEPT = 2_000;
/** How long the browser may take from the provider's answer, which it posts, to the page after it. */
const ANSWER_SECONDS = 120;

const keyOf = (attemptId: string) => createHash("sha256").update(attemptId, "utf8").digest("hex");
const sealingOf = (attempt: string) => ({ ...config().encryption, context: `saml-answer/${attempt}` });

/** An attempt with a provider. */
interface OfAttempt {
  attemptId: string;
  provider: string;
}

/** Keeps what was asked, so that one answer to it can count, on whichever replica it arrives. */
export async function keepSamlRequest(
  { attemptId, provider }: OfAttempt,
  request: SamlQuestion,
): Promise<void> {
  const expiresAt = new Date(request.beganAt.getTime() + ATTEMPT_SECONDS * 1_000);
  const data = { attempt: keyOf(attemptId), requestId: request.id, provider, expiresAt };
  await database().samlRequest.create({ data });
  await database().$executeRaw`
    delete from saml_requests where expires_at < now()
      or attempt in (select attempt from saml_requests order by expires_at desc offset ${MOST_KEPT})`;
}

/** What was asked in this attempt, for its one answer: null where that was taken already, and where nothing was asked. */
export async function spendSamlRequest({ attemptId, provider }: OfAttempt): Promise<SamlQuestion | null> {
  const [spent] = await database().samlRequest.updateManyAndReturn({
    where: { attempt: keyOf(attemptId), provider, answeredAt: null, expiresAt: { gt: new Date() } },
    data: { answeredAt: new Date() },
  });
  if (!spent) return null;
  return { id: spent.requestId, beganAt: new Date(spent.expiresAt.getTime() - ATTEMPT_SECONDS * 1_000) };
}

/** Keeps who the provider says that this is, until the browser that began comes to take it. */
export async function keepSamlAnswer(attemptId: string, identity: ProviderIdentity): Promise<void> {
  const attempt = keyOf(attemptId);
  const answer = sealText({ ...sealingOf(attempt), text: JSON.stringify(identity) });
  await database().samlRequest.update({ where: { attempt }, data: { answer } });
}

/** Takes the answer, which counts once and for two minutes; null where there is none. */
export async function takeSamlAnswer({ attemptId, provider }: OfAttempt): Promise<ProviderIdentity | null> {
  const attempt = keyOf(attemptId);
  const answeredSince = new Date(Date.now() - ANSWER_SECONDS * 1_000);
  const [row] = await database().$queryRaw<{ answer: Uint8Array }[]>`
    delete from saml_requests
    where attempt = ${attempt} and provider = ${provider} and answer is not null and answered_at > ${answeredSince}
    returning answer`;
  if (!row) return null;
  return JSON.parse(openSealedText({ ...sealingOf(attempt), sealed: row.answer })) as ProviderIdentity;
}
