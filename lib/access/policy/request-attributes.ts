/**
 * What is asked of the cluster, as kube-apiserver's RequestInfo resolves it; lib/gateway/request/request-info.ts has more fields.
 * `apiGroup` and `namespace` are `""` for none (core group; cluster scope or all namespaces), `name` and `subresource` too.
 */
export interface RequestAttributes {
  isResourceRequest: boolean;
  path: string;
  verb: string;
  apiGroup: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
}

const CONNECT_SUBRESOURCES: ReadonlySet<string> = new Set(["exec", "attach", "portforward"]);

/**
 * The call as it is to be authorised. A WebSocket exec is a GET and thus verb `get`, which read-only roles have: running
 * a command needs `create` whatever the transport (kubernetes/kubernetes#78741). The legacy prefix `/proxy/` is the verb
 * `proxy` on the resource: the subresource by another name.
 */
export function attributesToAuthorize(request: RequestAttributes): RequestAttributes {
  if (!request.isResourceRequest) return request;
  if (CONNECT_SUBRESOURCES.has(request.subresource)) return { ...request, verb: "create" };
  if (request.verb === "proxy") return { ...request, subresource: "proxy" };
  return request;
}

const DISCOVERY_PATHS: ReadonlySet<string> = new Set([
  ...["/api", "/apis", "/healthz", "/livez", "/openapi", "/readyz", "/version", "/version/"],
]);
const DISCOVERY_PREFIXES = ["/api/", "/apis/", "/openapi/"];
const SELF_REVIEWS: ReadonlySet<string> = new Set([
  "authorization.k8s.io/selfsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectrulesreviews",
  "authentication.k8s.io/selfsubjectreviews",
]);

/**
 * What every client needs before it can do anything: what system:discovery and system:basic-user allow everybody who
 * is authenticated. https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
 */
export function isDiscoveryOrSelfReview(request: RequestAttributes): boolean {
  if (request.isResourceRequest) {
    return request.verb === "create" && SELF_REVIEWS.has(`${request.apiGroup}/${request.resource}`);
  }
  if (request.verb !== "get" && request.verb !== "head") return false;
  return (
    DISCOVERY_PATHS.has(request.path) || DISCOVERY_PREFIXES.some((prefix) => request.path.startsWith(prefix))
  );
}
