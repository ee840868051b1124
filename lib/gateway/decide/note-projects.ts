import { findNamespaceLabels } from "../../access/labels/namespace-labels.ts";
import type { Labels } from "../../access/policy/labels.ts";
import type { Memberships, ProjectDirectory } from "../../access/scopes/directory.ts";
import { detachedText } from "../../detached-text.ts";
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
  const { projects, departments } = membershipsOf(directory(), cluster.id, info.namespace);
  record.projects = projects;
  record.departments = departments;
}

/** Of one namespace, with the labels by which they were found. */
interface Known {
  labels: Labels | null;
  memberships: Memberships;
}

/** Callers choose namespaces: what is kept of a cluster's has a bound. */
const MOST_NAMESPACES = 5_000;
/** By cluster, then by namespace. Another directory, and other labels, are other objects. */
const known = new WeakMap<ProjectDirectory, Map<string, Map<string, Known>>>();

function membershipsOf(directory: ProjectDirectory, clusterId: string, namespace: string): Memberships {
  const labels = findNamespaceLabels(clusterId, namespace);
  const namespaces = namespacesOf(directory, clusterId);
  const found = namespaces.get(namespace);
  if (found !== undefined && found.labels === labels) return found.memberships;
  const { projects, departments } = directory.projectsOf(clusterId, namespace, labels);
  const memberships = { projects: asManyAsFit(projects), departments: asManyAsFit(departments) };
  if (namespaces.size >= MOST_NAMESPACES) namespaces.clear();
  namespaces.set(detachedText(namespace), { labels, memberships });
  return memberships;
}

function namespacesOf(directory: ProjectDirectory, clusterId: string): Map<string, Known> {
  const clusters = known.get(directory) ?? new Map<string, Map<string, Known>>();
  known.set(directory, clusters);
  const namespaces = clusters.get(clusterId) ?? new Map<string, Known>();
  clusters.set(clusterId, namespaces);
  return namespaces;
}

/** Names in order, and how many more there are. */
function asManyAsFit(names: readonly string[]): string[] {
  let bytes = 0;
  const fitting = names.filter((name) => {
    bytes += Buffer.byteLength(name) + 1;
    return bytes <= MOST_BYTES;
  });
  const more = names.length - fitting.length;
  if (more > 0) fitting.push(`and ${more} more`);
  return Object.freeze(fitting) as string[];
}
