import { at, fieldsOf, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { ageColumn, ageOf, type Column, column, nameColumn, wide } from "./columns.ts";
import { accessModes, conditionStatus, orNone } from "./format.ts";

function size(...names: string[]): (object: KubeObject) => number {
  return (object) => names.reduce((sum, name) => sum + Object.keys(fieldsOf(object[name])).length, 0);
}

export const configMapColumns: Column[] = [nameColumn, column("Data", size("data", "binaryData")), ageColumn];

export const secretColumns: Column[] = [
  nameColumn,
  column("Type", (secret) => textOf(secret.type)),
  column("Data", size("data")),
  ageColumn,
];

export const serviceAccountColumns: Column[] = [
  nameColumn,
  column("Secrets", (account) => listOf(account.secrets).length),
  ageColumn,
];

export const namespaceColumns: Column[] = [
  nameColumn,
  column("Status", (namespace) => textOf(at(namespace, "status", "phase"))),
  ageColumn,
];

function nodeStatus(node: KubeObject): string {
  const ready = conditionStatus(at(node, "status", "conditions"), "Ready");
  const state = ready === "True" ? "Ready" : ready === "" ? "Unknown" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state;
}

function nodeRoles(node: KubeObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
  return roles.length === 0 ? "<none>" : roles.sort().join(",");
}

function nodeAddress(type: string): (node: KubeObject) => string {
  return (node) => {
    const addresses = listOf(at(node, "status", "addresses")).filter(isFields);
    return orNone(addresses.find((address) => address.type === type)?.address);
  };
}

function nodeInfo(name: string): (node: KubeObject) => string {
  return (node) => textOf(at(node, "status", "nodeInfo", name)) || "<unknown>";
}

export const nodeColumns: Column[] = [
  nameColumn,
  column("Status", nodeStatus),
  column("Roles", nodeRoles),
  ageColumn,
  column("Version", nodeInfo("kubeletVersion")),
  wide("Internal-IP", nodeAddress("InternalIP")),
  wide("External-IP", nodeAddress("ExternalIP")),
  wide("OS-Image", nodeInfo("osImage")),
  wide("Kernel-Version", nodeInfo("kernelVersion")),
  wide("Container-Runtime", nodeInfo("containerRuntimeVersion")),
];

function eventAge(event: KubeObject, now: Date): string {
  const first = event.firstTimestamp ?? event.eventTime;
  const count = numberOf(event.count);
  if (count > 1) return `${ageOf(event.lastTimestamp, now)} (x${count} over ${ageOf(first, now)})`;
  return ageOf(event.lastTimestamp ?? first, now);
}

function eventObject(event: KubeObject): string {
  const { kind, name } = fieldsOf(event.involvedObject);
  return `${textOf(kind).toLowerCase()}/${textOf(name)}`;
}

export const eventColumns: Column[] = [
  column("Last Seen", (event, { now }) => eventAge(event, now)),
  column("Type", (event) => textOf(event.type)),
  column("Reason", (event) => textOf(event.reason)),
  column("Object", eventObject),
  wide("Subobject", (event) => textOf(at(event, "involvedObject", "fieldPath"))),
  wide("Source", (event) =>
    [at(event, "source", "component"), at(event, "source", "host")].map(textOf).filter(Boolean).join(", "),
  ),
  column("Message", (event) => textOf(event.message).trim()),
  wide("First Seen", (event, { now }) => ageOf(event.firstTimestamp ?? event.eventTime, now)),
  wide("Count", (event) => numberOf(event.count, 1), "integer"),
  { ...nameColumn, priority: 1 },
];

export const volumeColumns: Column[] = [
  nameColumn,
  column("Capacity", (volume) => textOf(at(volume, "spec", "capacity", "storage"))),
  column("Access Modes", (volume) => accessModes(at(volume, "spec", "accessModes"))),
  column("Reclaim Policy", (volume) => textOf(at(volume, "spec", "persistentVolumeReclaimPolicy"))),
  column("Status", (volume) =>
    volume.metadata.deletionTimestamp === undefined ? textOf(at(volume, "status", "phase")) : "Terminating",
  ),
  column("Claim", (volume) => {
    const { namespace, name } = fieldsOf(at(volume, "spec", "claimRef"));
    return name === undefined ? "" : `${textOf(namespace)}/${textOf(name)}`;
  }),
  column("StorageClass", (volume) => textOf(at(volume, "spec", "storageClassName"))),
  column("VolumeAttributesClass", () => "<unset>"),
  column("Reason", (volume) => textOf(at(volume, "status", "reason"))),
  ageColumn,
  wide("VolumeMode", (volume) => textOf(at(volume, "spec", "volumeMode"))),
];

export const claimColumns: Column[] = [
  nameColumn,
  column("Status", (claim) =>
    claim.metadata.deletionTimestamp === undefined ? textOf(at(claim, "status", "phase")) : "Terminating",
  ),
  column("Volume", (claim) => textOf(at(claim, "spec", "volumeName"))),
  column("Capacity", (claim) => textOf(at(claim, "status", "capacity", "storage"))),
  column("Access Modes", (claim) => accessModes(at(claim, "status", "accessModes"))),
  column("StorageClass", (claim) => textOf(at(claim, "spec", "storageClassName"))),
  column("VolumeAttributesClass", () => "<unset>"),
  ageColumn,
  wide("VolumeMode", (claim) => textOf(at(claim, "spec", "volumeMode"))),
];

export const storageClassColumns: Column[] = [
  {
    ...nameColumn,
    value: (object) =>
      object.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true"
        ? `${object.metadata.name} (default)`
        : object.metadata.name,
  },
  column("Provisioner", (object) => textOf(object.provisioner)),
  column("ReclaimPolicy", (object) => textOf(object.reclaimPolicy)),
  column("VolumeBindingMode", (object) => textOf(object.volumeBindingMode)),
  column("AllowVolumeExpansion", (object) => object.allowVolumeExpansion === true, "boolean"),
  ageColumn,
];

export const leaseColumns: Column[] = [
  nameColumn,
  column("Holder", (lease) => textOf(at(lease, "spec", "holderIdentity"))),
  ageColumn,
];

export const priorityClassColumns: Column[] = [
  nameColumn,
  column("Value", (object) => numberOf(object.value), "integer"),
  column("Global-Default", (object) => object.globalDefault === true, "boolean"),
  ageColumn,
  column("PreemptionPolicy", (object) => textOf(object.preemptionPolicy) || "PreemptLowerPriority"),
];

function quotaText(quota: KubeObject, prefix: "limits" | "requests"): string {
  const hard = fieldsOf(at(quota, "status", "hard") ?? at(quota, "spec", "hard"));
  const used = fieldsOf(at(quota, "status", "used"));
  return Object.keys(hard)
    .filter((name) => name.startsWith("limits") === (prefix === "limits"))
    .sort()
    .map((name) => `${name}: ${String(used[name] ?? 0)}/${String(hard[name])}`)
    .join(", ");
}

export const quotaColumns: Column[] = [
  nameColumn,
  column("Request", (quota) => quotaText(quota, "requests")),
  column("Limit", (quota) => quotaText(quota, "limits")),
  ageColumn,
];

/** Roles and definitions show when they were made, not how long ago. */
export const createdAtColumns: Column[] = [
  nameColumn,
  column("Created At", (object) => object.metadata.creationTimestamp, "date"),
];

function subjects(binding: KubeObject, kind: string): string {
  return listOf(binding.subjects)
    .filter(isFields)
    .filter((subject) => subject.kind === kind)
    .map(({ namespace, name }) => (kind === "ServiceAccount" ? `${namespace}/${name}` : textOf(name)))
    .join(", ");
}

export const roleBindingColumns: Column[] = [
  nameColumn,
  column("Role", (binding) => {
    const { kind, name } = fieldsOf(binding.roleRef);
    return `${textOf(kind)}/${textOf(name)}`;
  }),
  ageColumn,
  wide("Users", (binding) => subjects(binding, "User")),
  wide("Groups", (binding) => subjects(binding, "Group")),
  wide("ServiceAccounts", (binding) => subjects(binding, "ServiceAccount")),
];

export const apiServiceColumns: Column[] = [
  nameColumn,
  column("Service", (object) => {
    const { namespace, name } = fieldsOf(at(object, "spec", "service"));
    return name === undefined ? "Local" : `${textOf(namespace)}/${textOf(name)}`;
  }),
  column("Available", (object) => conditionStatus(at(object, "status", "conditions"), "Available")),
  ageColumn,
];
