import { LRUCache } from "lru-cache";
import { z } from "zod";
import { log } from "../../log.ts";
import { processState } from "../../process-state.ts";
import { readAsGateway, readJson } from "../objects/read-as-gateway.ts";
import type { RegisteredCluster } from "../registry.ts";
import { upstreamFor } from "../upstream.ts";

/** A pod of the same name may be made on another node at any moment: what a cluster said is used for the calls of this moment alone. */
const KNOWN_MS = 1_000;
const MOST_KNOWN = 2_000;
const ANSWER_MS = 3_000;
/** etcd takes objects of 1.5 MB. */
const MOST_BYTES = 4 * 1024 * 1024;

const Pod = z.object({ spec: z.object({ nodeName: z.string().optional() }) });

const state = processState("clusters/node-of-pod", () => ({
  nodes: new LRUCache<string, Promise<string | null>>({ max: MOST_KNOWN, ttl: KNOWN_MS }),
}));

/**
 * The node on which a pod runs, as its cluster says now; null where there is no such pod, it has no node yet, or the cluster does not tell.
 * A pod that has a node never gets another: one that moves is another pod (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/).
 */
export function findNodeOfPod(
  cluster: RegisteredCluster,
  { namespace, name }: { namespace: string; name: string },
): Promise<string | null> {
  const key = `${cluster.id}/${namespace}/${name}`;
  const known = state.nodes.get(key) ?? ask(cluster, namespace, name);
  state.nodes.set(key, known, { noUpdateTTL: true });
  return known;
}

async function ask(cluster: RegisteredCluster, namespace: string, name: string): Promise<string | null> {
  try {
    const { statusCode, body } = await readAsGateway(upstreamFor(cluster), {
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (statusCode !== 200) {
      body.destroy();
      if (statusCode !== 404) throw new Error(`the cluster answered ${statusCode}`);
      return null;
    }
    return Pod.parse(await readJson(body, MOST_BYTES)).spec.nodeName || null;
  } catch (error) {
    log.warn(
      { err: error, cluster: cluster.name },
      "the node of a pod could not be read: grants on node pools do not cover it",
    );
    return null;
  }
}
