import { expect } from "@playwright/test";
import type { RequestAuditEntry } from "../../lib/audit/requests/schema.ts";
import { findCalls, lastNo } from "./audit-api.ts";
import {
  type DemoPerson,
  type KubectlOptions,
  type KubectlResult,
  kubectl,
  kubectlVersions,
} from "./kubectl.ts";
import { type CallClaims, emailOf, recordedCall } from "./recorded-call.ts";

/** The entries that a person made after `no`, oldest first, discovery and OpenAPI documents left out. */
export async function callsAfter(no: number, as: DemoPerson): Promise<RequestAuditEntry[]> {
  const calls = await findCalls(`no > ${no} AND email = "${emailOf(as)}"`);
  return calls.filter(({ resource }) => !resource?.startsWith("/")).reverse();
}

/** Waits until the person's entries after `no` are exactly those expected, every column of them. */
export async function expectCalls(
  no: number,
  caller: { as: DemoPerson; version?: string; command: string | null },
  claims: readonly CallClaims[],
): Promise<RequestAuditEntry[]> {
  const version = caller.version ?? (await kubectlVersions()).at(-1)!;
  let calls: RequestAuditEntry[] = [];
  await expect
    .poll(async () => {
      calls = await callsAfter(no, caller.as);
      return calls.length;
    })
    .toBeGreaterThanOrEqual(claims.length);
  expect(calls).toEqual(claims.map((claim) => recordedCall({ ...caller, version }, claim)));
  const sessions = new Set(calls.map(({ sessionId }) => sessionId));
  expect(sessions.size, "one command, one session").toBe(Math.min(1, claims.length));
  for (const call of calls) {
    const age = Date.now() - Date.parse(call.executedAt);
    expect(age >= 0 && age < 120_000, `executed at ${call.executedAt}`).toBe(true);
  }
  return calls;
}

/** Runs kubectl to its end and waits until the record has its calls, exactly those. */
export async function runRecorded(
  args: string[],
  options: KubectlOptions & { command: string | null },
  claims: readonly CallClaims[],
): Promise<KubectlResult & { calls: RequestAuditEntry[] }> {
  const before = await lastNo();
  const result = await kubectl(args, options);
  const calls = await expectCalls(before, { as: "alice", ...options }, claims);
  return { ...result, calls };
}
