import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "../access/authenticate.ts";
import type { RbacAuthorizer } from "../access/rbac-authorizer.ts";
import type { UserInfo } from "../access/user.ts";
import type { Cluster } from "../cluster.ts";
import type { PodRuntimes } from "../logs/pod-runtimes.ts";
import type { Resource } from "../registry/resource.ts";
import type { RequestInfo } from "./request-info.ts";

/** What every handler has at hand. */
export type Services = {
  cluster: Cluster;
  authenticator: Authenticator;
  authorizer: RbacAuthorizer;
  runtimes: PodRuntimes;
  /** Aborted when the server closes. */
  closing: AbortSignal;
};

/** One authenticated and authorised request. */
export type Call = {
  services: Services;
  req: IncomingMessage;
  res: ServerResponse;
  query: URLSearchParams;
  info: RequestInfo;
  user: UserInfo;
};

/** A call on a served resource. */
export type ResourceCall = Call & { resource: Resource };

/** The name that managedFields give a writer: `fieldManager`, or the program of the User-Agent. */
export function fieldManagerOf({ query, req }: Call): string {
  const named = query.get("fieldManager");
  if (named) return named;
  return (req.headers["user-agent"] ?? "unknown").split("/")[0]?.slice(0, 128) || "unknown";
}
