import { expect } from "@playwright/test";
import type { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { findCalls, RECORDED_SOON } from "./audit-api.ts";
import {
  type DemoPerson,
  type KubectlOptions,
  type KubectlResult,
  kubectl,
  kubectlVersions,
} from "./kubectl.ts";
import { type CallClaims, type ExpectedCall, emailOf, recordedCall } from "./recorded-call.ts";

/** The entries of a person's calls since then, oldest first, discovery and OpenAPI documents left out. */
export async function callsSince(since: Date, as: DemoPerson): Promise<RequestAuditEntry[]> {
  const calls = await findCalls(`executedAt >= "${since.toISOString()}" AND email = "${emailOf(as)}"`);
  return calls.filter(({ resource }) => !resource?.startsWith("/")).reverse();
}

/** Waits until the person's entries since then are exactly those expected, every column of them. */
export async function expectCalls(
  since: Date,
  caller: { as: DemoPerson; version?: string; command: string | null },
  claims: readonly CallClaims[],
): Promise<RequestAuditEntry[]> {
  const version = caller.version ?? (await kubectlVersions()).at(-1)!;
  let calls: RequestAuditEntry[] = [];
  await expect
    .poll(async () => {
      calls = await callsSince(since, caller.as);
      return calls.length;
    }, RECORDED_SOON)
    .toBeGreaterThanOrEqual(claims.length);
  const expected = claims.map((claim) => recordedCall({ ...caller, version }, claim));
  calls = inOrderOf(expected, calls);
  expect(calls).toEqual(expected);
  const sessions = new Set(calls.map(({ sessionId }) => sessionId));
  expect(sessions.size, "one command, one session").toBe(Math.min(1, claims.length));
  for (const call of calls) {
    const age = Date.now() - Date.parse(call.executedAt);
    expect(age >= 0 && age < 120_000, `executed at ${call.executedAt}`).toBe(true);
  }
  return calls;
}

/** A session's end is dated when its connections are closed, which may be after the command has begun its next call: ends keep their own order alone. */
function inOrderOf(expected: ExpectedCall[], calls: RequestAuditEntry[]): RequestAuditEntry[] {
  const isEnd = ({ stage }: { stage: unknown }) => stage === "end";
  const ends = calls.filter(isEnd);
  const others = calls.filter((call) => !isEnd(call));
  const ordered = expected.flatMap((each) => (isEnd(each) ? ends : others).splice(0, 1));
  return [...ordered, ...others, ...ends];
}

/** Waits until these are among alice's entries since then, every column of them; the others are not looked at. */
export async function expectAmongCalls(
  since: Date,
  command: string,
  claims: readonly CallClaims[],
): Promise<RequestAuditEntry[]> {
  const version = (await kubectlVersions()).at(-1)!;
  const expected = claims.map((claim) => recordedCall({ as: "alice", version, command }, claim));
  let calls: RequestAuditEntry[] = [];
  await expect(async () => {
    calls = await callsSince(since, "alice");
    for (const each of expected) expect(calls).toContainEqual(each);
  }).toPass(RECORDED_SOON);
  return expected.map((each) => calls.find((call) => matches(call, each))!);
}

function matches(call: RequestAuditEntry, expected: ExpectedCall): boolean {
  const { verb, resource, stage, resourceName } = expected;
  return (
    call.verb === verb &&
    call.resource === resource &&
    call.stage === stage &&
    call.resourceName === resourceName
  );
}

/** Runs kubectl to its end and waits until the record has its calls, exactly those. */
export async function runRecorded(
  args: string[],
  options: KubectlOptions & { command: string | null },
  claims: readonly CallClaims[],
): Promise<KubectlResult & { calls: RequestAuditEntry[] }> {
  const since = new Date();
  const result = await kubectl(args, options);
  const calls = await expectCalls(since, { as: "alice", ...options }, claims);
  return { ...result, calls };
}
