import type { RequestAttributes } from "../../access/policy/request-attributes.ts";
import { MUTATING_VERBS } from "../../audit/entry/entry.ts";
import { isTrue, parseQuery, type Query } from "./query.ts";

/**
 * What a request asks for, as kube-apiserver resolves it (k8s.io/apiserver/pkg/endpoints/request.RequestInfo). Texts that
 * do not apply are empty.
 */
export interface RequestInfo extends RequestAttributes {
  apiPrefix: string;
  apiVersion: string;
  /** Relative to the resource: resource, name, subresource, and what follows. */
  parts: readonly string[];
  /** An upgrade to a connection of which only its ends are seen: to be allowed its subresource must be named. */
  unwatched?: boolean;
}

const VERB_OF_METHOD: ReadonlyMap<string, string> = new Map([
  ["POST", "create"],
  ["GET", "get"],
  ["HEAD", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);
const LEGACY_VERBS: ReadonlySet<string> = new Set(["proxy", "watch"]);
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);
const CONNECT_SUBRESOURCES: ReadonlySet<string> = new Set(["exec", "attach", "portforward"]);

export interface RequestInfoInput {
  method: string;
  /** Percent-decoded. */
  segments: readonly string[];
  /** With or without its "?"; read only where the verb or the name depends on it. */
  query: string;
}

/**
 * Resolves a request. An `exec`, `attach` or `portforward` is the verb `create` whatever its method: a WebSocket
 * handshake is a GET, and `get` is what read-only roles have (kubernetes/kubernetes#78741).
 */
export function resolveRequestInfo({ method, segments, query }: RequestInfoInput): RequestInfo {
  // splitPath trims slashes, so that a trailing one leaves no part of its own.
  const all = segments.at(-1) === "" ? segments.slice(0, -1) : segments;
  const path = `/${segments.join("/")}`;
  const [apiPrefix = ""] = all;
  const start = apiPrefix === "api" ? 1 : apiPrefix === "apis" ? 2 : 0;
  if (start === 0 || all.length < start + 2) return nonResource(method, path);

  const apiGroup = start === 2 ? all[1]! : "";
  const apiVersion = all[start]!;
  let parts = all.slice(start + 1);
  let verb = VERB_OF_METHOD.get(method) ?? "";
  if (LEGACY_VERBS.has(parts[0]!) && parts.length > 1) {
    verb = parts[0]!;
    parts = parts.slice(1);
  }
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1]!;
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2]!)) parts = parts.slice(2);
  }
  const [resource = "", givenName = ""] = parts;
  const subresource = verb === "proxy" ? "" : (parts[2] ?? "");
  const resolved = resolveCollection(verb, givenName, query);
  return {
    isResourceRequest: true,
    path,
    verb: isConnect(resource, subresource) ? "create" : resolved.verb,
    apiPrefix,
    apiGroup,
    apiVersion,
    namespace,
    resource,
    subresource,
    name: resolved.name,
    parts,
  };
}

/**
 * As an upgrade asks for it. A subresource of a group that is not Kubernetes' own core, such as virtctl's console and vnc, speaks a protocol
 * of its own: a session of which only start, end and bytes can be told.
 */
export function asUpgrade(info: RequestInfo): RequestInfo {
  const isForeign = info.isResourceRequest && info.apiGroup !== "" && info.subresource !== "";
  const isKnown = info.verb === "watch" || info.subresource === "proxy" || info.subresource === "log";
  return isForeign && !isKnown ? { ...info, unwatched: true } : info;
}

export const LEGACY_PROXY_REFUSED = "the /proxy/ path prefix is not taken; use the proxy subresource";

/** Whether something is asked of a resource by the verb of the legacy prefix, which the gateway takes of nobody. */
export function isLegacyProxy({ isResourceRequest, verb }: RequestAttributes): boolean {
  return isResourceRequest && verb === "proxy";
}

/** Whether the call changes something or opens a session: its intent is durable before it is forwarded. */
export function isMutation(info: RequestInfo): boolean {
  if (info.unwatched) return true;
  return info.isResourceRequest
    ? MUTATING_VERBS.has(info.verb)
    : !["get", "head", "options"].includes(info.verb);
}

/** exec, attach and port-forward: sessions, which come as an upgrade. */
export function isSession(info: RequestAttributes): boolean {
  return info.isResourceRequest && isConnect(info.resource, info.subresource);
}

/** A watch or a followed log: recorded when it starts and when it ends. */
export function isLongRunning(info: RequestInfo, query: string): boolean {
  if (!info.isResourceRequest) return false;
  if (info.verb === "watch") return true;
  return info.subresource === "log" && query.includes("follow") && isTrue(parseQuery(query), "follow");
}

/** `pods/exec`; for a non-resource request its path. */
export function resourceText(info: RequestInfo): string {
  if (!info.isResourceRequest) return info.path;
  return info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
}

function nonResource(method: string, path: string): RequestInfo {
  return {
    isResourceRequest: false,
    path,
    verb: method.toLowerCase(),
    apiPrefix: "",
    apiGroup: "",
    apiVersion: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
    parts: [],
  };
}

function isConnect(resource: string, subresource: string): boolean {
  return resource === "pods" && CONNECT_SUBRESOURCES.has(subresource);
}

/** Without a name, get is list or watch and delete is deletecollection. */
function resolveCollection(verb: string, name: string, query: string): { verb: string; name: string } {
  if (name !== "") return { verb, name };
  if (verb === "delete") return { verb: "deletecollection", name };
  if (verb !== "get") return { verb, name };
  if (query === "") return { verb: "list", name };
  // Few lists ask for either.
  if (!mayMatter(query)) return { verb: "list", name };
  const parameters = parseQuery(query);
  return { verb: isTrue(parameters, "watch") ? "watch" : "list", name: selectedName(parameters) };
}

/** Whether a parameter of the query may be one that tells a verb or a name: an escape could be a letter of its name. */
function mayMatter(query: string): boolean {
  return query.includes("watch") || query.includes("fieldSelector") || query.includes("%");
}

/** The name that a field selector requires: `metadata.name=x` or `==`, alone or beside other terms. */
function selectedName(parameters: Query): string {
  const selector = parameters.get("fieldSelector")?.[0] ?? "";
  // An escaped comma would need kube-apiserver's own splitter; such a selector selects no name here.
  if (!selector.includes("metadata.name") || selector.includes("\\")) return "";
  for (const term of selector.split(",")) {
    const [, name] = /^metadata\.name==?([^=!]*)$/.exec(term) ?? [];
    if (name !== undefined) return isPathSegmentName(name) ? name : "";
  }
  return "";
}

function isPathSegmentName(name: string): boolean {
  return name !== "." && name !== ".." && !/[/%]/.test(name);
}
