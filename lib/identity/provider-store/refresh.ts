import { installStoredProviders } from "../../config/stored-providers.ts";
import type { Transaction } from "../../db/client.ts";
import { database, gatewayPool } from "../../db/connection.ts";
import { type Fresh, keepFresh } from "../../db/keep-fresh.ts";
import { log } from "../../log.ts";
import { effectiveRows } from "./effective.ts";

const CHANNEL = "kubewitness_providers";
const POLL_MS = 5_000;

/** Tells every replica when the transaction commits. */
export async function announceProviders(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${CHANNEL}, '')`;
}

/** Reads into this process's memory the providers that are kept in the database and count. */
export async function readStoredProviders(): Promise<void> {
  const rows = await database().storedProvider.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
  const effective = effectiveRows(rows);
  for (const { row, problem } of effective) {
    if (row.enabled && problem !== null)
      log.error({ provider: row.id, problem }, "an identity provider does not count");
  }
  installStoredProviders(effective.flatMap(({ provider }) => provider ?? []));
}

/** The same, and keeps them fresh. */
export function startStoredProviders({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  return keepFresh({
    what: "identity providers",
    channel: CHANNEL,
    pollMs,
    readFingerprint: async () => {
      const { rows } = await gatewayPool().query<{ fingerprint: string }>(
        "select concat_ws(' ', count(*), max(updated_at)) as fingerprint from identity_providers",
      );
      return rows[0]?.fingerprint ?? "";
    },
    load: readStoredProviders,
  });
}
