import type { Transaction } from "../../db/client.ts";

/** Roles or grants changed: every replica compiles its decision table again. */
export const ACCESS_CHANNEL = "kubewitness_access";

export async function announceAccessChange(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${ACCESS_CHANNEL}, '')`;
}
