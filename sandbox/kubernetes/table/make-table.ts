import type { ResourceCall } from "../http/call.ts";
import type { Fields } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Resource } from "../registry/resource.ts";
import { ageColumn, type Column, nameColumn } from "./columns.ts";
import * as core from "./core-columns.ts";
import { customColumns } from "./custom-columns.ts";
import * as network from "./network-columns.ts";
import { podColumns } from "./pod-columns.ts";
import * as workload from "./workload-columns.ts";

const columns: Record<string, Column[]> = {
  "/pods": podColumns,
  "/configmaps": core.configMapColumns,
  "/secrets": core.secretColumns,
  "/serviceaccounts": core.serviceAccountColumns,
  "/namespaces": core.namespaceColumns,
  "/nodes": core.nodeColumns,
  "/events": core.eventColumns,
  "/persistentvolumes": core.volumeColumns,
  "/persistentvolumeclaims": core.claimColumns,
  "/resourcequotas": core.quotaColumns,
  "/limitranges": core.createdAtColumns,
  "/services": network.serviceColumns,
  "/endpoints": network.endpointsColumns,
  "/replicationcontrollers": workload.replicationControllerColumns,
  "apps/deployments": workload.deploymentColumns,
  "apps/replicasets": workload.replicaSetColumns,
  "apps/statefulsets": workload.statefulSetColumns,
  "apps/daemonsets": workload.daemonSetColumns,
  "apps/controllerrevisions": workload.controllerRevisionColumns,
  "batch/jobs": workload.jobColumns,
  "batch/cronjobs": workload.cronJobColumns,
  "autoscaling/horizontalpodautoscalers": workload.autoscalerColumns,
  "policy/poddisruptionbudgets": workload.disruptionBudgetColumns,
  "networking.k8s.io/ingresses": network.ingressColumns,
  "networking.k8s.io/ingressclasses": network.ingressClassColumns,
  "networking.k8s.io/networkpolicies": network.networkPolicyColumns,
  "discovery.k8s.io/endpointslices": network.endpointSliceColumns,
  "rbac.authorization.k8s.io/roles": core.createdAtColumns,
  "rbac.authorization.k8s.io/clusterroles": core.createdAtColumns,
  "rbac.authorization.k8s.io/rolebindings": core.roleBindingColumns,
  "rbac.authorization.k8s.io/clusterrolebindings": core.roleBindingColumns,
  "storage.k8s.io/storageclasses": core.storageClassColumns,
  "coordination.k8s.io/leases": core.leaseColumns,
  "scheduling.k8s.io/priorityclasses": core.priorityClassColumns,
  "apiextensions.k8s.io/customresourcedefinitions": core.createdAtColumns,
  "apiregistration.k8s.io/apiservices": core.apiServiceColumns,
};

const plain = [nameColumn, ageColumn];

function columnsOf(resource: Resource): Column[] {
  if (resource.customSchema !== undefined || resource.customColumns !== undefined)
    return customColumns(resource);
  return resource.virtual ? plain : (columns[resource.storage] ?? plain);
}

export function columnDefinitions(resource: Resource): Fields[] {
  return columnsOf(resource).map(({ name, type, format, description, priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
}

export function tableRow(call: ResourceCall, object: KubeObject, version: string, include: string): Fields {
  const context = { now: call.services.cluster.now() };
  const row: Fields = { cells: columnsOf(call.resource).map((column) => column.value(object, context)) };
  if (include === "Object") row.object = object;
  if (include === "Metadata") {
    const { metadata } = object;
    row.object = { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata };
  }
  return row;
}

export type TableInput = {
  call: ResourceCall;
  objects: KubeObject[];
  version: string;
  include: string;
  metadata: Fields;
};

/** The server-side printed form of objects, meta.k8s.io Table. */
export function makeTable({ call, objects, version, include, metadata }: TableInput): Fields {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: columnDefinitions(call.resource),
    rows: objects.map((object) => tableRow(call, object, version, include)),
  };
}
