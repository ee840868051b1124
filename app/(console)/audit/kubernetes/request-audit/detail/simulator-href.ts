import type { RequestAuditDetail } from "../../../../../../lib/audit/request-audit/schema.ts";

/** Where the simulator asks the same again, at the call's time; of oneself where others may not be asked of. */
export function simulatorHref(call: RequestAuditDetail, { ofOthers }: { ofOthers: boolean }): string {
  const isPath = call.resource?.startsWith("/") ?? false;
  const asked: Record<string, string | null> = {
    kind: call.email ? null : "application",
    subject: ofOthers ? call.email || call.name : null,
    verb: call.verb,
    resource: isPath ? null : call.resource,
    path: isPath ? call.resource : null,
    group: call.apiGroup,
    namespace: call.namespace,
    name: call.resourceName,
    cluster: call.clusterName,
    as: call.impersonatedUser,
    asGroup: call.impersonatedGroups.join(","),
    address: call.clientIp,
    at: call.executedAt,
    method: call.accessMethod === "CLI" ? null : call.accessMethod,
  };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return `/access/simulator?${new URLSearchParams(given)}`;
}
