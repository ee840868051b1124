import { AppError } from "../../errors.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import { entryCluster } from "../call/entry-parts.ts";
import type { Gateway, GatewayCluster, Upstream } from "../call/gateway.ts";
import { explainPrefix, type RequestTarget } from "../request/request-target.ts";

/** The registered cluster that the path names, or else the token, and the way to it. */
export function routeToCluster(
  gateway: Pick<Gateway, "findCluster" | "findClusterById" | "upstreamFor">,
  call: Pick<Call, "record">,
  asked: {
    target: Pick<RequestTarget, "cluster" | "path">;
    caller: { authenticated: Pick<AuthenticatedToken, "clusterId"> };
  },
): { cluster: GatewayCluster; upstream: Upstream } | Refusal {
  const cluster = findAsked(gateway, asked.target, asked.caller.authenticated.clusterId ?? null);
  if (cluster instanceof Refusal) return cluster;
  call.record.cluster = entryCluster(cluster);
  try {
    const upstream = gateway.upstreamFor(cluster);
    call.record.transport = upstream.transport;
    return { cluster, upstream };
  } catch (error) {
    if (error instanceof AppError) return new Refusal("BadGateway", error.message);
    throw error;
  }
}

function findAsked(
  gateway: Pick<Gateway, "findCluster" | "findClusterById">,
  { cluster: name, path }: Pick<RequestTarget, "cluster" | "path">,
  clusterId: string | null,
): GatewayCluster | Refusal {
  if (name === null && clusterId === null) return new Refusal("NotFound", explainPrefix(path));
  const ofToken = clusterId === null ? null : gateway.findClusterById(clusterId);
  if (clusterId !== null && ofToken === null)
    return new Refusal("NotFound", "the cluster of the access token is no longer registered");
  const named = name === null ? ofToken : gateway.findCluster(name);
  if (named === null)
    return new Refusal("NotFound", `no cluster is registered as "${name}"; the console lists those that are`);
  if (ofToken !== null && ofToken.id !== named.id) {
    return new Refusal(
      "Forbidden",
      `the access token counts for cluster "${ofToken.name}" alone; download a kubeconfig for "${named.name}"`,
    );
  }
  return named;
}
