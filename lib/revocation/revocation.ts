import { z } from "zod";
import type { Transaction } from "../db/client.ts";
import { subscribeNotifications } from "../db/notifications.ts";
import { log } from "../log.ts";

const REVOCATION_CHANNEL = "kubewitness_revocation";
/** Someone's rights or groups changed without a loss: caches look again, streams go on. */
const IDENTITY_CHANNEL = "kubewitness_identity";

const RevokedSubject = z.object({
  kind: z.enum(["token", "session", "user", "application", "group", "cluster"]),
  id: z.string(),
});

/**
 * What lost access; `id` is its row's. `user` and `application`: disabled, or rights were withdrawn (a person left a group).
 * Whoever holds streams ends those that the subject touches.
 */
export type RevokedSubject = z.infer<typeof RevokedSubject>;

/** Calls `listener` for every revocation by any replica, once it is committed. Returns the unsubscriber. */
export function onRevocation(listener: (subject: RevokedSubject) => void): () => void {
  return subscribeNotifications(REVOCATION_CHANNEL, {
    onNotification: (payload) => {
      const subject = parseSubject(payload);
      if (subject) listener(subject);
    },
  });
}

/** Announces a revocation when the transaction commits, and never when it does not. */
export async function announceRevocation(tx: Transaction, subject: RevokedSubject): Promise<void> {
  await tx.$executeRaw`select pg_notify(${REVOCATION_CHANNEL}, ${JSON.stringify(subject)})`;
}

/** The same of everybody who is kept under an issuer: its provider does not count any more. */
export async function announceRevocationOfIssuer(tx: Transaction, issuer: string): Promise<void> {
  await tx.$executeRaw`
    select pg_notify(${REVOCATION_CHANNEL}, json_build_object('kind', 'user', 'id', id)::text) from users where issuer = ${issuer}`;
}

/**
 * Calls `listener` when someone's rights or groups changed without a loss; with null where it is not known whose: they may have while nobody
 * could be told. Returns the unsubscriber.
 */
export function onIdentityChange(listener: (subject: RevokedSubject | null) => void): () => void {
  return subscribeNotifications(IDENTITY_CHANNEL, {
    onNotification: (payload) => listener(parseSubject(payload)),
    onConnected: () => listener(null),
  });
}

export async function announceIdentityChange(tx: Transaction, subject: RevokedSubject): Promise<void> {
  await tx.$executeRaw`select pg_notify(${IDENTITY_CHANNEL}, ${JSON.stringify(subject)})`;
}

/** A newer replica may announce kinds that this one does not know. */
function parseSubject(payload: string): RevokedSubject | null {
  const parsed = RevokedSubject.safeParse(parseJson(payload));
  if (!parsed.success) log.error({ payload }, "a revocation is not understood");
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
