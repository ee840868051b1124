import type { RequestAuditEntry } from "../../../../../../lib/audit/request-audit/schema.ts";
import { formatFilter } from "../../../../../../lib/filter/format.ts";
import type { FilterNode } from "../../../../../../lib/filter/tree.ts";

/** The filter for calls like this one: same person, cluster, namespace, verb and resource. */
export function filterLike(call: RequestAuditEntry): string {
  const wanted: [string, string | null][] = [
    ["user", call.email || call.name],
    ["cluster", call.clusterName],
    ["namespace", call.namespace],
    ["verb", call.verb],
    ["resource", call.resource],
  ];
  const nodes = wanted.flatMap(([field, value]): FilterNode[] =>
    value ? [{ kind: "comparison", field, op: "=", values: [value] }] : [],
  );
  return formatFilter({ kind: "and", nodes });
}
