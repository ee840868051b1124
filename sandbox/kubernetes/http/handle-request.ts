import type { IncomingMessage, ServerResponse } from "node:http";
import { attributesOf, refusal } from "../access/attributes.ts";
import { impersonate } from "../access/impersonate.ts";
import type { UserInfo } from "../access/user.ts";
import type { Call, Services } from "./call.ts";
import { handlePath } from "./handle-path.ts";
import { handleResource } from "./handle-resource.ts";
import { type RequestInfo, resolveRequestInfo } from "./request-info.ts";
import { sendError, setCommonHeaders } from "./respond.ts";
import { unauthorized } from "./status-error.ts";

export type AuthorizedRequest = { info: RequestInfo; query: URLSearchParams; user: UserInfo };

/** Splits an origin-form target by hand: `new URL("//api", base)` would take `api` for the host. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
  try {
    return { path: decodeURIComponent(path), query };
  } catch {
    return { path, query };
  }
}

/** Authenticates, impersonates and authorises; throws 401, 403 or 500 as kube-apiserver's filters do. */
export function admitRequest(services: Services, req: IncomingMessage): AuthorizedRequest {
  const { path, query } = splitTarget(req.url ?? "/");
  const info = resolveRequestInfo(req.method ?? "GET", path, query);
  const authenticated = services.authenticator.authenticate(req);
  const user = impersonate(services.authorizer, authenticated, req.rawHeaders, req.url ?? "/");
  const attributes = attributesOf(info);
  const decision = services.authorizer.authorize(user, attributes);
  if (!decision.allowed) throw refusal(user.name, attributes, decision.reason);
  return { info, query, user };
}

/** Health probes are open to everyone, as with kube-apiserver's default `--anonymous-auth`. */
const openPaths = new Set(["/healthz", "/livez", "/readyz", "/version"]);

function admit(services: Services, req: IncomingMessage): AuthorizedRequest {
  const { path, query } = splitTarget(req.url ?? "/");
  if (req.headers.authorization === undefined && openPaths.has(path) && req.method === "GET") {
    const user = { name: "system:anonymous", groups: ["system:unauthenticated"], extra: {} };
    return { info: resolveRequestInfo("GET", path, query), query, user };
  }
  return admitRequest(services, req);
}

/** One request from head to answer. */
export async function handleRequest(
  services: Services,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  setCommonHeaders(res);
  try {
    const admitted = admit(services, req);
    const call: Call = { services, req, res, ...admitted };
    if (admitted.info.isResourceRequest) await handleResource(call);
    else handlePath(call);
  } catch (error) {
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (!isRefusal(error)) services.cluster.log("request failed", { url: req.url, error: String(error) });
    sendError(req, res, error);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.constructor === unauthorized().constructor;
}
