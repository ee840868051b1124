import { badRequest } from "../http/status-error.ts";
import { at, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";

export type FieldSelector = (object: KubeObject) => boolean;

/** The fields that each resource can be selected by, besides its name and namespace. */
const selectable: Record<string, string[]> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "/nodes": ["spec.unschedulable"],
  "/namespaces": ["status.phase"],
  "/secrets": ["type"],
  "/services": ["spec.clusterIP", "spec.type"],
  "/replicationcontrollers": ["status.replicas"],
  "apps/replicasets": ["status.replicas"],
  "batch/jobs": ["status.successful"],
  "certificates.k8s.io/certificatesigningrequests": ["spec.signerName"],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
};

function fieldValue(object: KubeObject, field: string): string {
  if (field === "source") return textOf(at(object, "source", "component"));
  const value = at(object, ...field.split("."));
  if (value === undefined || value === null) {
    return field === "spec.unschedulable" || field === "spec.hostNetwork" ? "false" : "";
  }
  return String(value);
}

function oneTerm(resource: Resource, term: string): FieldSelector {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
  if (match === null) throw badRequest(`invalid field selector: "${term}": can't understand "${term}"`);
  const [, field = "", operator, value] = match;
  const known = ["metadata.name", "metadata.namespace", ...(selectable[resource.storage] ?? [])];
  if (!known.includes(field)) {
    throw badRequest(`field label not supported: ${field}`);
  }
  const matches: FieldSelector = (object) => fieldValue(object, field) === value;
  return operator === "!=" ? (object) => !matches(object) : matches;
}

/** Parses `fieldSelector`; refuses fields that the resource cannot be selected by, with 400. */
export function parseFieldSelector(resource: Resource, text: string): FieldSelector | undefined {
  const terms = text.split(",").filter((term) => term !== "");
  if (terms.length === 0) return undefined;
  const selectors = terms.map((term) => oneTerm(resource, term));
  return (object) => selectors.every((selects) => selects(object));
}
