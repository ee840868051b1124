import { findNamespaceLabels } from "../../access/labels/namespace-labels.ts";
import type { Labels } from "../../access/policy/labels.ts";
import type { Call } from "../call/call.ts";
import type { Gateway, GatewayCluster } from "../call/gateway.ts";
import type { RequestInfo } from "../request/request-info.ts";

/** So many bytes of names one row keeps; the dictionary of the record cuts longer lists. */
const MOST_BYTES = 1_800;

/** Notes for the record in which projects the call is, as they are now. Of a refused call, too. */
export function noteProjects(
  { directory }: Gateway,
  { record }: Pick<Call, "record">,
  { cluster, info, nodeLabels }: { cluster: GatewayCluster; info: RequestInfo; nodeLabels: Labels | null },
): void {
  if (nodeLabels !== null) record.nodePools = asManyAsFit(directory().nodePoolsOf(cluster.id, nodeLabels));
  if (!info.isResourceRequest || info.namespace === "") return;
  const { projects, departments } = directory().projectsOf(
    cluster.id,
    info.namespace,
    findNamespaceLabels(cluster.id, info.namespace),
  );
  record.projects = asManyAsFit(projects);
  record.departments = asManyAsFit(departments);
}

/** Names in order, and how many more there are. */
function asManyAsFit(names: readonly string[]): string[] {
  let bytes = 0;
  const fitting = names.filter((name) => {
    bytes += Buffer.byteLength(name) + 1;
    return bytes <= MOST_BYTES;
  });
  const more = names.length - fitting.length;
  return more === 0 ? fitting : [...fitting, `and ${more} more`];
}
