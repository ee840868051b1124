import type { Transaction } from "../../db/client.ts";

/** Agents joined, were changed, revoked or removed: every process reads them again. */
export const AGENTS_CHANNEL = "kubewitness_agents";

export async function announceAgentChange(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${AGENTS_CHANNEL}, '')`;
}
