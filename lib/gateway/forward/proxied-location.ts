import type { ForwardableCall } from "../call/call.ts";
import { headerLines } from "../request/raw-headers.ts";

/** Line breaks and the like, which URL parsers drop, make no header. */
const PRINTABLE = /^[\x21-\x7e]+$/;
/** Resource, name, subresource. */
const PARTS_TO_SUBRESOURCE = 3;

/**
 * The `Location` of a proxied program's answer as the client may follow it: below the same program, at the gateway's own path. Null where
 * it leads anywhere else: to another host, or past the program to the rest of the API; and where there are two.
 *
 * kube-apiserver puts its own prefix before paths of the program's and takes its host away, and leaves relative ones to the client
 * (k8s.io/apimachinery/pkg/util/proxy.Transport); the gateway's prefix comes before that.
 */
export function proxiedLocation(
  rawHeaders: readonly string[],
  { target, info, cluster, upstream }: Pick<ForwardableCall, "target" | "info" | "cluster" | "upstream">,
): string | null {
  if (info.subresource !== "proxy") return null;
  const [location, ...others] = headerLines(rawHeaders, "location");
  if (location === undefined || others.length > 0 || !PRINTABLE.test(location)) return null;
  const base = upstream.basePath;
  const asked = `${upstream.endpoint.origin}${base}${target.path}`;
  if (!URL.canParse(location, asked)) return null;
  const { protocol, host, username, password, pathname, search, hash } = new URL(location, asked);
  // The program does not see that kube-apiserver speaks TLS for it.
  if (protocol !== "https:" && protocol !== "http:") return null;
  if (host !== upstream.endpoint.host || username !== "" || password !== "") return null;
  if (
    !pathname.startsWith(`${base}/`) ||
    !isWithin(programPath(target.path, info), pathname.slice(base.length))
  )
    return null;
  // As the client came.
  const prefix = target.cluster === null ? "" : `/k8s/clusters/${cluster.name}`;
  return `${prefix}${pathname.slice(base.length)}${search}${hash}`;
}

/** Names and values in turn, with every `Location` set anew; as they are where there is none. */
export function withLocation(headers: string[], location: string | null): string[] {
  if (location === null) return headers;
  return headers.map((text, i) =>
    i % 2 === 1 && headers[i - 1]!.toLowerCase() === "location" ? location : text,
  );
}

/** Up to and with the subresource, as it was sent: the segments of `/api/v1/namespaces/a/services/s/proxy`. */
function programPath(path: string, { parts }: Pick<ForwardableCall["info"], "parts">): string[] {
  const segments = path.split("/");
  if (segments.at(-1) === "") segments.pop();
  return segments.slice(0, segments.length - parts.length + PARTS_TO_SUBRESOURCE);
}

/** kube-apiserver writes names with its own choice of escapes. */
function isWithin(program: string[], pathname: string): boolean {
  const segments = pathname.split("/");
  return program.every(
    (segment, i) => segments[i] !== undefined && decoded(segments[i]) === decoded(segment),
  );
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
