import { isIP } from "node:net";
import type { RequestAuditEntry } from "../../../audit/request-audit/schema.ts";

type Call = Partial<RequestAuditEntry>;

/** A value that is there; formats leave out what is absent. */
export const present = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

/** Kubernetes' own names for whoever showed no credential. */
export const NOBODY = "system:anonymous";
const NOBODYS_GROUP = "system:unauthenticated";

/** Who called, by the name that the cluster is told of them. */
export const callerOf = ({ email, name }: Pick<Call, "email" | "name">): string => email || name || NOBODY;

/** The groups that the cluster was told of. */
export function groupsOf({ email, name, kubernetesGroups }: Call): readonly string[] | undefined {
  if (kubernetesGroups && kubernetesGroups.length > 0) return kubernetesGroups;
  return email || name ? undefined : [NOBODYS_GROUP];
}

/**
 * What the gateway decided. Undefined: it came to no decision (nobody was authenticated, no such cluster), or the fields that say it are left out.
 * A 403 of a call that a role allowed is the cluster's own.
 */
export function decisionOf({ role, httpStatus }: Call): "allow" | "forbid" | undefined {
  if (role) return "allow";
  return role === null && httpStatus === 403 ? "forbid" : undefined;
}

/** `pods/exec` in its parts; for a request that is for no resource, its path. */
export function resourceOf({ resource }: Call): { resource?: string; subresource?: string; path?: string } {
  if (!resource) return {};
  if (resource.startsWith("/")) return { path: resource };
  const slash = resource.indexOf("/");
  if (slash < 0) return { resource };
  return { resource: resource.slice(0, slash), subresource: resource.slice(slash + 1) };
}

/** A cluster's address in its parts; none where it is no address. */
export function endpointOf(address: string | null | undefined): {
  ip?: string;
  hostname?: string;
  port?: number;
} {
  if (!address || !URL.canParse(address)) return {};
  const { hostname, port, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  return {
    ...(isIP(host) === 0 ? { hostname: host } : { ip: host }),
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}

/** Milliseconds since 1970, where the text is a time. */
export function millisecondsOf(time: string | null | undefined): number | undefined {
  return time ? Date.parse(time) : undefined;
}
