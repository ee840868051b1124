import { issuersInEffect } from "../../../config/issuer.ts";
import { config } from "../../../config.ts";
import { inTransaction, type Transaction } from "../../../db/client.ts";
import { database } from "../../../db/connection.ts";
import { type Offer, offerSetUp } from "./offer.ts";

const CODE_LASTS_MS = 60 * 60_000;

/** Whether there is an administrator who may sign in. */
async function hasAdministrator(tx: Pick<Transaction, "user">): Promise<boolean> {
  const where = { consoleRole: "administrator", enabled: true, issuer: { in: issuersInEffect(config()) } };
  return (await tx.user.count({ where })) > 0;
}

/**
 * The one-time code of the first visit, where the installation was told that it may be and nobody is an administrator; null else. Each start
 * makes another, which counts for an hour.
 */
export async function offerFirstVisit(): Promise<Offer | null> {
  const { local, demo } = config();
  if (demo || !local.firstVisit || (await hasAdministrator(database()))) return null;
  return inTransaction(database(), (tx) => offerSetUp(tx, { userId: null, lastsMs: CODE_LASTS_MS }));
}

/** Whether a first visitor may be made an administrator now. Of two, the second finds one. */
export async function mayFirstVisit(tx: Transaction): Promise<boolean> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/first-visit', 0))`;
  return config().local.firstVisit && !config().demo && !(await hasAdministrator(tx));
}
