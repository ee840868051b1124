import { z } from "zod";
import { LEDGER_ID, type LedgerStream } from "./ledger.ts";
import type { RunSql } from "./sql.ts";

/** Postgres channel that tells of new rows, once a transaction: what live tails listen to. */
export const COMMITTED_CHANNEL = "kubewitness_committed";

/** The payload (JSON): rows up to number `lastNo` of a stream are there, and no lower number will come later. */
export const CommittedNotice = z.object({
  ledgerId: z.number().int(),
  stream: z.enum(["kube_request", "audit_event", "recording"]),
  lastNo: z.number().int(),
});
export type CommittedNotice = z.infer<typeof CommittedNotice>;

/** The notice in a payload; null where this version does not understand it: a newer replica may have streams that this one has not. */
export function parseCommittedNotice(payload: string): CommittedNotice | null {
  try {
    return CommittedNotice.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

/** Announces, when the caller's transaction commits, that the stream has rows up to `lastNo`. */
export async function notifyCommitted(run: RunSql, stream: LedgerStream, lastNo: number): Promise<void> {
  const notice: CommittedNotice = { ledgerId: LEDGER_ID, stream, lastNo };
  // As text: Prisma cannot read a column of type void.
  await run("SELECT pg_notify($1::text, $2::text)::text", [COMMITTED_CHANNEL, JSON.stringify(notice)]);
}
