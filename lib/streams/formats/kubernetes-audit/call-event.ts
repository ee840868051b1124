import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { otherFields } from "../facts/other-fields.ts";
import { callerOf, decisionOf, groupsOf, present, resourceOf } from "../facts/record-facts.ts";
import { annotationName, annotationText, HOUSE, statusOf, writeEvent } from "./audit-event.ts";

type CallRecord = Extract<StreamRecord, { surface: "requests" }>;
type Call = CallRecord["entry"];

/** A call that the gateway went away with has no answer that anybody knows of, which is what the log calls a panic. */
const STAGES = {
  complete: "ResponseComplete",
  start: "ResponseStarted",
  end: "ResponseComplete",
  interrupted: "Panic",
} as const;

const others = otherFields(
  "requests",
  [
    "no",
    "executedAt",
    "email",
    "clientIp",
    "namespace",
    "verb",
    "resource",
    "resourceName",
    "httpStatus",
    "kubernetesGroups",
    "impersonatedUser",
    "impersonatedGroups",
    "clientName",
    "auditId",
    "apiGroup",
  ],
  annotationName,
  annotationText,
);

/** A call through the gateway. The record has no address of a call for a resource: `requestURI` is empty then, and `objectRef` says what it was for. */
export function callEvent(record: CallRecord): object {
  const { entry, at } = record;
  return writeEvent(record, {
    auditID: entry.auditId ?? record.id,
    stage: STAGES[(entry.stage ?? "complete") as keyof typeof STAGES],
    requestURI: resourceOf(entry).path ?? "",
    verb: entry.verb ?? "",
    user: { username: callerOf(entry), groups: groupsOf(entry) },
    impersonatedUser: impersonatedOf(entry),
    sourceIPs: entry.clientIp ? [entry.clientIp] : undefined,
    userAgent: present(entry.clientName),
    objectRef: objectOf(entry),
    responseStatus: entry.httpStatus
      ? statusOf({ failed: entry.result === "failure", code: entry.httpStatus, message: entry.message })
      : undefined,
    receivedAt: at,
    stageAt: at + (entry.stage === "start" ? 0 : (entry.durationMs ?? 0)),
    annotations: annotationsOf(entry),
  });
}

/** Kubernetes' own names for what was decided, and the fields that have no place elsewhere. */
function annotationsOf(entry: Call): Record<string, string> {
  const annotations = others(entry);
  const decision = decisionOf(entry);
  if (decision) annotations["authorization.k8s.io/decision"] = decision;
  if (entry.role)
    annotations["authorization.k8s.io/reason"] = `${HOUSE}: allowed by the role "${entry.role}"`;
  return annotations;
}

function impersonatedOf({ impersonatedUser, impersonatedGroups }: Call) {
  if (!impersonatedUser) return undefined;
  const groups = impersonatedGroups?.length ? impersonatedGroups : undefined;
  return { username: impersonatedUser, groups };
}

function objectOf(entry: Call): object | undefined {
  const { resource, subresource } = resourceOf(entry);
  if (resource === undefined) return undefined;
  return {
    resource,
    namespace: present(entry.namespace),
    name: present(entry.resourceName),
    apiGroup: present(entry.apiGroup),
    subresource,
  };
}
