import { resolveRequestInfo } from "./request-info.ts";

/** A request target, taken apart once. The same segments are authorised, recorded and forwarded. */
export interface RequestTarget {
  /** The name in `/k8s/clusters/<name>`; null where the path has no such prefix: then the token may name the cluster. */
  cluster: string | null;
  /** What follows it, or the whole path, as it was sent, beginning with "/": forwarded to the letter. */
  path: string;
  /** The path's segments, percent-decoded, each of them one. A trailing slash leaves an empty last one. */
  segments: readonly string[];
  /** With its "?", or empty. */
  query: string;
}

export interface RefusedTarget {
  refused: string;
  /** The path is well-formed and below the prefix, and names no cluster. */
  namesNoCluster?: true;
  /** As far as it could be told; for the record. */
  cluster: string;
}

const PREFIX = "/k8s/clusters/";
/** Paths of the Kubernetes API itself, at the root, as if there were one cluster. */
const API_PATH = /^\/(?:api|apis|openapi|version)(?=\/|$)/;
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;
const MAX_SHOWN_PATH = 256;
/** RFC 3986 `pchar` and "/", with well-formed escapes only. */
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})+$/;
/** What undici and HTTP itself take in a request line. */
const QUERY = /^[\x21-\x7e]*$/;
/**
 * Escapes that would make two readings of one path: of unreserved characters (`%65xec`, `%2e%2e`), of "/", "\" and "%",
 * and of controls.
 */
const AMBIGUOUS_ESCAPE =
  /%(?:[01][0-9A-Fa-f]|2[DdEeFf5]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaCcFf]|6[1-9A-Fa-f]|7[0-9AaEeFf])/;
/** Resource, name, subresource. */
const PARTS_TO_SUBRESOURCE = 3;
const CONTROL_ESCAPE = /%(?:[01][0-9A-Fa-f]|7[Ff])/;

/** Whether a target is the gateway's to answer, however malformed it is. */
export function ownsTarget(target: string): boolean {
  return /^\/*k8s(?:[/?]|$)/i.test(target) || !target.startsWith("/") || /^\/\//.test(target);
}

/**
 * Takes a raw request target apart. Whatever can be read in two ways is refused, never repaired: `//`, dot segments,
 * escapes of characters that need none, a resource's path with a trailing slash, absolute-form and authority-form targets. What
 * follows the subresource `proxy` is a proxied program's own: there slashes and escapes pass, but for those that would lead out.
 */
export function parseRequestTarget(target: string): RequestTarget | RefusedTarget {
  const mark = target.indexOf("?");
  const whole = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark);
  const refuse = (refused: string): RefusedTarget => ({ refused, cluster: claimedCluster(whole) });

  if (!whole.startsWith("/")) return refuse("the request target must be a path that begins with /");
  if (whole.includes("//")) return refuse("the path has an empty segment (//)");
  const isPrefixed = whole.startsWith(PREFIX);
  if (!isPrefixed && ownsTarget(whole))
    return { refused: explainPrefix(whole), namesNoCluster: true, cluster: claimedCluster(whole) };
  if (!PATH.test(whole))
    return refuse("the path has a character that must be percent-encoded, or a broken escape");
  if (!QUERY.test(query)) return refuse("the query has a character that must be percent-encoded");
  const end = isPrefixed ? whole.indexOf("/", PREFIX.length) : 0;
  const path = end === -1 ? "/" : whole.slice(end);
  const { own, proxied } = splitAtProxy(path);
  const isEscaped = whole.includes("%");
  const before = isEscaped ? whole.slice(0, whole.length - path.length) : "";
  if (isEscaped && (AMBIGUOUS_ESCAPE.test(before) || AMBIGUOUS_ESCAPE.test(own)))
    return refuse("the path has a percent-encoding that can be read in two ways");
  const ownSegments = decodeSegments(own);
  if (ownSegments === null) return refuse("the path has a percent-encoding that is not UTF-8");
  if (CONTROL_ESCAPE.test(proxied)) return refuse("the path has an encoded control character");
  const proxiedSegments = proxied === "" ? [] : proxied.slice(1).split("/").map(decodeLoosely);
  const segments = proxied === "" ? ownSegments : [...ownSegments, ...proxiedSegments];
  if (ownSegments.some(isDotSegment) || proxiedSegments.some(leadsElsewhere))
    return refuse("the path has a dot segment");
  if (proxied === "" && hasStraySlash(segments)) return refuse("the path has a trailing slash");
  if (!isPrefixed) return { cluster: null, path, segments, query };
  const cluster = end === -1 ? whole.slice(PREFIX.length) : whole.slice(PREFIX.length, end);
  if (!CLUSTER_NAME.test(cluster)) return { refused: explainPrefix(""), namesNoCluster: true, cluster: "" };
  return { cluster, path, segments, query };
}

/** So that kubectl shows what to do: `get --raw` before 1.34 takes the whole path, and a kubeconfig's server may lack the cluster. */
export function explainPrefix(path: string): string {
  const wanted = API_PATH.test(path) ? path.slice(0, MAX_SHOWN_PATH) : "";
  return `neither the path nor the access token names a cluster; download a kubeconfig anew, or let the path begin with ${PREFIX}<name>${wanted}, also in the server of a kubeconfig and, before kubectl 1.34, in kubectl get --raw`;
}

/** The name a target gives, also where the rest of it is refused; bounded, and only what a name may consist of. */
function claimedCluster(path: string): string {
  return /^\/*k8s\/+clusters\/+([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?:\/|$)/.exec(path)?.[1] ?? "";
}

/**
 * What is Kubernetes' own of a path, and what is a proxied program's: all that follows the subresource `proxy`, as sent. Where that
 * stands is told before anything is decoded; since nothing before it may be an escaped slash, it stands there to every reader.
 */
function splitAtProxy(path: string): { own: string; proxied: string } {
  if (!path.includes("/proxy/")) return { own: path, proxied: "" };
  const segments = path.slice(1).split("/");
  const { subresource, parts } = resolveRequestInfo({ method: "GET", segments, query: "" });
  if (subresource !== "proxy") return { own: path, proxied: "" };
  const trailing = segments.at(-1) === "" ? 1 : 0;
  const own = `/${segments.slice(0, segments.length - trailing - parts.length + PARTS_TO_SUBRESOURCE).join("/")}`;
  return { own, proxied: path.slice(own.length) };
}

function decodeSegments(path: string): string[] | null {
  const body = path.slice(1);
  if (body === "") return [];
  const segments = body.split("/");
  if (!body.includes("%")) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return null;
  }
}

/** Bytes that are not UTF-8 go to a program as they are, and mean nothing here. */
function decodeLoosely(segment: string): string {
  if (!segment.includes("%")) return segment;
  const bytes = segment.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const isDotSegment = (segment: string): boolean => segment === "." || segment === "..";

/** Whether a decoded segment would climb, to whoever decodes it once more or takes "\" for "/". */
function leadsElsewhere(segment: string): boolean {
  return [segment, decodeLoosely(segment)].some((read) => read.split(/[/\\]/).some(isDotSegment));
}

/**
 * `exec/` is `exec` to a router that trims. Paths that are no resource's may end in a slash, as Kubernetes' own OpenAPI has them
 * (`/version/`, `/apis/apps/v1/`): they are one path to every reader.
 */
function hasStraySlash(segments: readonly string[]): boolean {
  if (segments.at(-1) !== "") return false;
  return resolveRequestInfo({ method: "GET", segments, query: "" }).isResourceRequest;
}
