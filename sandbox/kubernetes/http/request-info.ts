import { isTrueParameter } from "./boolean-parameter.ts";

/** What a request asks for, by the rules of k8s.io/apiserver/pkg/endpoints/request.RequestInfo. */
export type RequestInfo = {
  isResourceRequest: boolean;
  path: string;
  verb: string;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  subresource: string;
  name: string;
  /** What follows a `proxy` subresource. */
  rest: string[];
};

const namespaceSubresources = new Set(["status", "finalize"]);

function verbOf(method: string): string {
  switch (method) {
    case "POST":
      return "create";
    case "GET":
    case "HEAD":
      return "get";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return "delete";
    default:
      return "";
  }
}

function nameOfFieldSelector(query: URLSearchParams): string {
  return /(?:^|,)metadata\.name=+([^,]+)/.exec(query.get("fieldSelector") ?? "")?.[1] ?? "";
}

function collectionVerb(verb: string, query: URLSearchParams): string {
  if (verb === "get") return isTrueParameter(query, "watch") ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

export function resolveRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const info: RequestInfo = {
    isResourceRequest: false,
    path,
    verb: method.toLowerCase(),
    group: "",
    version: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
    rest: [],
  };
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  const prefix = parts.shift();
  if (prefix !== "api" && prefix !== "apis") return info;
  if (parts.length < (prefix === "apis" ? 3 : 2)) return info;
  if (prefix === "apis") info.group = parts.shift() ?? "";
  info.version = parts.shift() ?? "";
  info.isResourceRequest = true;
  info.verb = verbOf(method);
  let special = "";
  if (parts[0] === "watch" || parts[0] === "proxy") {
    special = parts.shift() ?? "";
    info.verb = special;
  }
  if (parts[0] === "namespaces" && parts.length > 1) {
    info.namespace = parts[1] ?? "";
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? "")) parts.splice(0, 2);
  }
  const [resource = "", name = "", subresource = "", ...rest] = parts;
  Object.assign(info, { resource, name, subresource, rest });
  if (name === "" && (info.verb === "get" || info.verb === "delete")) {
    info.verb = collectionVerb(info.verb, query);
    if (info.verb === "list" || info.verb === "watch") info.name = nameOfFieldSelector(query);
  }
  return info;
}
