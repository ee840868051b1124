import { AppError } from "../../errors.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { Gateway, GatewayCluster, Upstream } from "../call/gateway.ts";

/** The registered cluster that the path names, and the way to it. */
export function routeToCluster(
  gateway: Pick<Gateway, "findCluster" | "upstreamFor">,
  call: Pick<Call, "record">,
  name: string,
): { cluster: GatewayCluster; upstream: Upstream } | Refusal {
  const cluster = gateway.findCluster(name);
  if (cluster === null) {
    return new Refusal("NotFound", `no cluster is registered as "${name}"; the console lists those that are`);
  }
  call.record.cluster = { id: cluster.id, name: cluster.name, endpoint: cluster.endpoint };
  try {
    const upstream = gateway.upstreamFor(cluster);
    call.record.transport = upstream.transport;
    return { cluster, upstream };
  } catch (error) {
    if (error instanceof AppError) return new Refusal("BadGateway", error.message);
    throw error;
  }
}
