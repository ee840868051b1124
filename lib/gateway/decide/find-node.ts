import { isOfNodes } from "../../access/policy/scope.ts";
import type { Actor } from "../../context.ts";
import type { Gateway, GatewayCluster } from "../call/gateway.ts";
import type { Soon } from "../call/soon.ts";
import type { RequestInfo } from "../request/request-info.ts";
import { selectedNode } from "../request/selected-node.ts";

/**
 * The node that a call is about: its own name, that of the pod's node, or the one that a list of pods selects. Null where it is about none,
 * it is not known, or nobody asks: only for a caller with a grant on a node pool the cluster is asked about a pod, before anything is decided.
 */
export function findNode(
  { nodes }: Pick<Gateway, "nodes">,
  {
    actor,
    cluster,
    info,
    query,
  }: {
    actor: Actor;
    cluster: GatewayCluster;
    info: Pick<RequestInfo, "isResourceRequest" | "apiGroup" | "resource" | "verb" | "namespace" | "name">;
    query: string;
  },
): Soon<string | null> {
  if (!isOfNodes(info) || !nodes.areAskedFor(actor, cluster.id)) return null;
  const { resource, verb, namespace, name } = info;
  if (resource === "nodes") return name || null;
  if (verb === "list" || verb === "watch") return selectedNode(query);
  return namespace === "" || name === "" ? null : nodes.findOfPod(cluster, { namespace, name });
}
