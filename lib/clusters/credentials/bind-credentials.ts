import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import {
  type CredentialDestination,
  openCredential,
  openUnboundCredential,
  sealCredential,
} from "./sealed.ts";

/**
 * Seals the credentials of versions before anew, for the address, authority and TLS settings that their clusters have. Called at start,
 * before anything opens one. What cannot be opened at all stays as it is: whoever calls that cluster is told.
 */
export async function bindCredentials(): Promise<void> {
  for (const { updatedAt, credential, ...row } of await database().cluster.findMany()) {
    const bound = credential && bind(row, credential);
    // The row is the same to replicas that have it in memory: `updatedAt` stays.
    if (bound) {
      const where = { id: row.id, updatedAt };
      await database().cluster.updateMany({ where, data: { credential: bound, updatedAt } });
    }
  }
}

function bind(row: CredentialDestination & { name: string }, sealed: Uint8Array) {
  if (opens(() => openCredential(row, sealed))) return null;
  try {
    return sealCredential(row, openUnboundCredential(row.id, sealed));
  } catch (error) {
    log.error(
      { err: error, cluster: row.name },
      "the credential of a cluster cannot be opened: give it anew",
    );
    return null;
  }
}

function opens(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch {
    return false;
  }
}
