import { type Fresh, keepFresh } from "../../db/keep-fresh.ts";
import { announceExpiry } from "../../identity/revocation.ts";
import { compileDecisionTable, type GrantRow } from "../policy/compile.ts";
import { ACCESS_CHANNEL } from "./announce.ts";
import { installDecisionTable } from "./current.ts";
import { loadGrantRows, readAccessFingerprint } from "./load.ts";

const POLL_MS = 3_000;

/** Loads the table that `decide` reads and keeps it fresh. Called at start; a grant counts, or stops to, within moments. */
export function startDecisionTable({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  let rows: GrantRow[] = [];
  let checkedAt = Date.now();
  return keepFresh({
    what: "roles and grants",
    channel: ACCESS_CHANNEL,
    pollMs,
    readFingerprint: readAccessFingerprint,
    load: async () => {
      rows = await loadGrantRows();
      installDecisionTable(compileDecisionTable(rows));
    },
    onPoll: () => {
      const now = Date.now();
      announceExpired(rows, { after: checkedAt, until: now });
      checkedAt = now;
    },
  });
}

/** A grant that ends by the clock ends what runs by it, like one that is revoked. */
function announceExpired(
  rows: readonly GrantRow[],
  { after, until }: { after: number; until: number },
): void {
  for (const { grantId, expiresAt } of rows) {
    const at = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    if (at > after && at <= until) announceExpiry({ kind: "grant", id: grantId });
  }
}
