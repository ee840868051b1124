import type { Transaction } from "../../db/client.ts";

/** A stream was made, changed, paused or removed, or is to send something again: whoever delivers looks again. */
export const STREAM_CHANNEL = "kubewitness_streams";

/** Tells every replica, with the transaction's commit. */
export async function announceStreams(tx: Transaction): Promise<void> {
  await tx.$executeRaw`select pg_notify(${STREAM_CHANNEL}, '')`;
}
