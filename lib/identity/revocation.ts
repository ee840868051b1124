import { z } from "zod";
import type { Transaction } from "../db/client.ts";
import { subscribeNotifications } from "../db/notifications.ts";

const CHANNEL = "kubewitness_revocation";

const RevokedSubject = z.object({
  kind: z.enum(["token", "user", "application", "grant", "group", "cluster"]),
  id: z.string(),
});

/**
 * What lost access; `id` is its row's. `user` and `application`: disabled, or rights were withdrawn (a person left a group).
 * Whoever holds streams ends those that the subject touches.
 */
export type RevokedSubject = z.infer<typeof RevokedSubject>;

/** Calls `listener` for every revocation by any replica, once it is committed. Returns the unsubscriber. */
export function onRevocation(listener: (subject: RevokedSubject) => void): () => void {
  return subscribeNotifications(CHANNEL, {
    onNotification: (payload) => listener(RevokedSubject.parse(JSON.parse(payload))),
  });
}

/** Announces a revocation when the transaction commits, and never when it does not. */
export async function announceRevocation(tx: Transaction, subject: RevokedSubject): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CHANNEL}, ${JSON.stringify(subject)})`;
}
