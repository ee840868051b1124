import type { Transaction } from "../db/client.ts";

/** A setting was changed: every process of every replica reads them again. */
export const SETTINGS_CHANNEL = "kubewitness_settings";

export async function announceSettingsChange(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${SETTINGS_CHANNEL}, '')`;
}
