import { expect } from "@playwright/test";
import type { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { getCall, RECORDED_SOON } from "./audit-api.ts";
import { CLUSTER } from "./cluster.ts";
import { callsSince } from "./command-record.ts";
import type { DemoPerson } from "./kubectl.ts";
import { emailOf } from "./recorded-call.ts";

export interface HelmCaller {
  as: DemoPerson;
  /** As the record names Helm, e.g. `Helm/4.2.3`. */
  client: string;
  /** The tests' where it is left out. */
  namespace?: string;
}

/** Calls as `verb resource name status`. */
export interface HelmClaims {
  /** All that change something, in their order. */
  changes: string[];
  /** Others that must be there as well. */
  also?: string[];
}

const isChange = ({ verb }: RequestAuditEntry) => !["get", "list", "watch"].includes(verb ?? "");

export const describeCall = ({ verb, resource, resourceName, httpStatus }: RequestAuditEntry): string =>
  `${verb} ${resource} ${resourceName} ${httpStatus}`;

/** Waits until the record has what Helm did since then, every call under that person, cluster, namespace and client; yields the changes. */
export async function expectHelmCalls(
  since: Date,
  { as, client, namespace = CLUSTER.namespace }: HelmCaller,
  { changes, also = [] }: HelmClaims,
): Promise<{ calls: RequestAuditEntry[]; changes: RequestAuditEntry[] }> {
  let calls: RequestAuditEntry[] = [];
  await expect(async () => {
    calls = await callsSince(since, as);
    expect(calls.filter(isChange).map(describeCall)).toEqual(changes);
    expect(calls.map(describeCall)).toEqual(expect.arrayContaining(also));
  }).toPass(RECORDED_SOON);
  for (const call of calls)
    expect(call).toMatchObject({
      email: emailOf(as),
      clusterName: CLUSTER.name,
      namespace,
      clientName: client,
      accessMethod: "CLI",
      result: Number(call.httpStatus) < 400 ? "success" : "failure",
    });
  return { calls, changes: calls.filter(isChange) };
}

/** The kept request body of each call. */
export async function keptBodies(calls: readonly RequestAuditEntry[]): Promise<string[]> {
  const details = await Promise.all(calls.map(({ no }) => getCall(no)));
  return details.map(({ requestBody }) => requestBody ?? "");
}
