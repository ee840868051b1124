import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { callerOf, decisionOf, endpointOf, groupsOf, present, resourceOf } from "../facts/record-facts.ts";
import { type Activity, beginActivity, sourceOf, unmapped } from "./activity.ts";

type RequestRecord = Extract<StreamRecord, { surface: "requests" }>;
type Call = RequestRecord["entry"];

const ACTIVITY_OF_VERB: Readonly<Record<string, Activity>> = {
  create: "Create",
  get: "Read",
  list: "Read",
  watch: "Read",
  head: "Read",
  update: "Update",
  patch: "Update",
  delete: "Delete",
  deletecollection: "Delete",
};
/** What Kubernetes calls `create`, and is none: sessions and tunnels. */
const SESSIONS: ReadonlySet<string> = new Set(["exec", "attach", "portforward", "proxy"]);

const others = otherFields(
  "requests",
  [
    "no",
    "executedAt",
    "result",
    "name",
    "email",
    "clientIp",
    "clusterName",
    "clusterEndpoint",
    "role",
    "grantId",
    "grantOrigin",
    "namespace",
    "verb",
    "resource",
    "resourceName",
    "message",
    "httpStatus",
    "durationMs",
    "kubernetesGroups",
    "clientName",
    "sessionId",
    "auditId",
    "bytesIn",
    "bytesOut",
    "apiGroup",
  ],
  snakeCase,
  asIs,
);

/** A call through the gateway. */
export function requestActivity(record: RequestRecord): object {
  const { entry } = record;
  const { path } = resourceOf(entry);
  return {
    ...beginActivity(record, {
      activity: activityOf(entry),
      succeeded: entry.result === undefined ? undefined : entry.result === "success",
      correlation: present(entry.auditId),
    }),
    status_code: entry.httpStatus ? String(entry.httpStatus) : undefined,
    status_detail: present(entry.message),
    duration: present(entry.durationMs),
    actor: actorOf(entry),
    api: {
      operation: entry.verb ?? "unknown",
      service: { name: "kubernetes" },
      group: entry.apiGroup ? { name: entry.apiGroup } : undefined,
      request: { uid: entry.auditId ?? record.id },
      response: entry.httpStatus ? { code: entry.httpStatus } : undefined,
    },
    src_endpoint: sourceOf(entry.clientIp),
    dst_endpoint: destinationOf(entry),
    http_request: {
      user_agent: present(entry.clientName),
      length: present(entry.bytesIn),
      url: path ? { path } : undefined,
    },
    http_response: entry.httpStatus ? { code: entry.httpStatus, length: present(entry.bytesOut) } : undefined,
    resources: path ? undefined : [objectOf(entry)],
    unmapped: unmapped(others(entry)),
  };
}

function activityOf(entry: Call): Activity | { other: string } {
  const verb = entry.verb ?? "unknown";
  const { subresource = "" } = resourceOf(entry);
  if (SESSIONS.has(subresource)) return { other: subresource };
  return ACTIVITY_OF_VERB[verb] ?? { other: verb };
}

function actorOf(entry: Call): object {
  const decision = decisionOf(entry);
  return {
    user: {
      name: callerOf(entry),
      display_name: present(entry.name),
      email_addr: present(entry.email),
      groups: groupsOf(entry)?.map((name) => ({ name })),
    },
    session: entry.sessionId ? { uid: entry.sessionId } : undefined,
    authorizations: decision && [{ decision, policy: entry.role ? policyOf(entry) : undefined }],
  };
}

const policyOf = ({ role, grantId, grantOrigin }: Call): object => ({
  name: role,
  uid: present(grantId),
  type: present(grantOrigin),
});

function destinationOf({ clusterName, clusterEndpoint }: Call): object | undefined {
  const endpoint = { name: present(clusterName), ...endpointOf(clusterEndpoint) };
  if (!clusterName && !endpoint.ip && !endpoint.hostname) return undefined;
  return { ...endpoint, svc_name: "kubernetes" };
}

/** OCSF wants a name or an id: that of a list is what was listed. */
function objectOf({ clusterName, namespace, resource, resourceName }: Call): object {
  const parts = [clusterName, namespace, resource, resourceName];
  return {
    type: present(resource),
    namespace: present(namespace),
    name: present(resourceName),
    uid: parts.filter(Boolean).join("/") || "unknown",
  };
}
