/** A request target, taken apart once. The same segments are authorised, recorded and forwarded. */
export interface RequestTarget {
  /** The name in `/k8s/clusters/<name>`. */
  cluster: string;
  /** What follows it, as it was sent, beginning with "/": forwarded to the letter. */
  path: string;
  /** The path's segments, percent-decoded. A proxied path's trailing slash leaves an empty last one. */
  segments: readonly string[];
  /** With its "?", or empty. */
  query: string;
}

export interface RefusedTarget {
  refused: string;
  /** As far as it could be told; for the record. */
  cluster: string;
}

const PREFIX = "/k8s/clusters/";
/** Longer than any target that a Kubernetes client builds; kube-apiserver's own limit is that of Go's header size, 1 MiB. */
const MAX_TARGET_LENGTH = 16_384;
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

/** Whether a target is the gateway's to answer, however malformed it is. */
export function ownsTarget(target: string): boolean {
  return /^\/*k8s(?:[/?]|$)/i.test(target) || !target.startsWith("/") || /^\/\//.test(target);
}

/**
 * Takes a raw request target apart. Whatever can be read in two ways is refused, never repaired: `//`, dot segments,
 * escapes of characters that need none, a trailing slash on an API path, absolute-form and authority-form targets.
 */
export function parseRequestTarget(target: string): RequestTarget | RefusedTarget {
  const mark = target.indexOf("?");
  const whole = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark);
  const cluster = claimedCluster(whole);
  const refuse = (refused: string): RefusedTarget => ({ refused, cluster });

  if (target.length > MAX_TARGET_LENGTH) {
    return refuse(
      `the request target has ${target.length} characters, at most ${MAX_TARGET_LENGTH} are taken`,
    );
  }
  if (!whole.startsWith("/")) return refuse("the request target must be a path that begins with /");
  if (whole.includes("//")) return refuse("the path has an empty segment (//)");
  if (!whole.startsWith(PREFIX)) return refuse(`the path must begin with ${PREFIX}<name>`);
  if (!PATH.test(whole))
    return refuse("the path has a character that must be percent-encoded, or a broken escape");
  if (AMBIGUOUS_ESCAPE.test(whole))
    return refuse("the path has a percent-encoding that can be read in two ways");
  if (!QUERY.test(query)) return refuse("the query has a character that must be percent-encoded");
  const end = whole.indexOf("/", PREFIX.length);
  const path = end === -1 ? "/" : whole.slice(end);
  const segments = decodeSegments(path);
  if (segments === null) return refuse("the path has a percent-encoding that is not UTF-8");
  if (segments.some((segment) => segment === "." || segment === ".."))
    return refuse("the path has a dot segment");
  if (hasStrayTrailingSlash(segments)) return refuse("the path has a trailing slash");
  if (cluster === "") return refuse(`the path must begin with ${PREFIX}<name>`);
  return { cluster, path, segments, query };
}

/** The name a target gives, also where the rest of it is refused; bounded, and only what a name may consist of. */
function claimedCluster(path: string): string {
  return /^\/*k8s\/+clusters\/+([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?:\/|$)/.exec(path)?.[1] ?? "";
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

/**
 * `exec/` is `exec` to a router that trims. A path inside a proxied service or pod is that program's own, where the slash
 * has a meaning; `/api/` and `/apis/` are what old clients ask for.
 */
function hasStrayTrailingSlash(segments: readonly string[]): boolean {
  if (segments.length === 0 || segments.at(-1) !== "") return false;
  if (segments.length === 2 && (segments[0] === "api" || segments[0] === "apis")) return false;
  return !segments.slice(0, -1).includes("proxy");
}
