import { at, fieldsOf, isFields, listOf, numberOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { formatLabelSelector } from "../selectors/label-selector.ts";
import { ageColumn, ageOf, type Column, column, nameColumn, wide } from "./columns.ts";
import { containerImages, containerNames, formatAge, formatMap } from "./format.ts";

const spec = (name: string) => (object: KubeObject) => numberOf(at(object, "spec", name));
const status = (name: string) => (object: KubeObject) => numberOf(at(object, "status", name));
const template = (object: KubeObject) => at(object, "spec", "template", "spec");

const containers = wide("Containers", (object) => containerNames(template(object)));
const images = wide("Images", (object) => containerImages(template(object)));
const selector = wide("Selector", (object) => formatLabelSelector(at(object, "spec", "selector")));

export const deploymentColumns: Column[] = [
  nameColumn,
  column("Ready", (object) => `${status("readyReplicas")(object)}/${spec("replicas")(object)}`),
  column("Up-to-date", status("updatedReplicas"), "integer"),
  column("Available", status("availableReplicas"), "integer"),
  ageColumn,
  containers,
  images,
  selector,
];

export const replicaSetColumns: Column[] = [
  nameColumn,
  column("Desired", spec("replicas"), "integer"),
  column("Current", status("replicas"), "integer"),
  column("Ready", status("readyReplicas"), "integer"),
  ageColumn,
  containers,
  images,
  selector,
];

export const replicationControllerColumns: Column[] = [
  ...replicaSetColumns.slice(0, -1),
  wide("Selector", (object) => formatMap(at(object, "spec", "selector"))),
];

export const statefulSetColumns: Column[] = [
  nameColumn,
  column("Ready", (object) => `${status("readyReplicas")(object)}/${spec("replicas")(object)}`),
  ageColumn,
  containers,
  images,
];

export const daemonSetColumns: Column[] = [
  nameColumn,
  column("Desired", status("desiredNumberScheduled"), "integer"),
  column("Current", status("currentNumberScheduled"), "integer"),
  column("Ready", status("numberReady"), "integer"),
  column("Up-to-date", status("updatedNumberScheduled"), "integer"),
  column("Available", status("numberAvailable"), "integer"),
  column("Node Selector", (object) => formatMap(at(object, "spec", "template", "spec", "nodeSelector"))),
  ageColumn,
  containers,
  images,
  selector,
];

function jobStatus(job: KubeObject): string {
  const conditions = listOf(at(job, "status", "conditions")).filter(isFields);
  const isTrue = (type: string) => conditions.some((item) => item.type === type && item.status === "True");
  if (isTrue("Complete")) return "Complete";
  if (isTrue("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (isTrue("Suspended")) return "Suspended";
  return isTrue("FailureTarget")
    ? "FailureTarget"
    : isTrue("SuccessCriteriaMet")
      ? "SuccessCriteriaMet"
      : "Running";
}

function jobCompletions(job: KubeObject): string {
  const completions = at(job, "spec", "completions");
  const succeeded = numberOf(at(job, "status", "succeeded"));
  if (typeof completions === "number") return `${succeeded}/${completions}`;
  const parallelism = numberOf(at(job, "spec", "parallelism"));
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

export const jobColumns: Column[] = [
  nameColumn,
  column("Status", jobStatus),
  column("Completions", jobCompletions),
  column("Duration", (job, { now }) => {
    const started = textOf(at(job, "status", "startTime"));
    const completed = textOf(at(job, "status", "completionTime"));
    if (started === "") return "";
    return formatAge((completed === "" ? now.getTime() : Date.parse(completed)) - Date.parse(started));
  }),
  ageColumn,
  containers,
  images,
  selector,
];

const jobTemplate = (object: KubeObject) => at(object, "spec", "jobTemplate", "spec", "template", "spec");

export const cronJobColumns: Column[] = [
  nameColumn,
  column("Schedule", (object) => textOf(at(object, "spec", "schedule"))),
  column("Timezone", (object) => textOf(at(object, "spec", "timeZone")) || "<none>"),
  column("Suspend", (object) => (at(object, "spec", "suspend") === true ? "True" : "False")),
  column("Active", (object) => listOf(at(object, "status", "active")).length, "integer"),
  column("Last Schedule", (object, { now }) => {
    const time = at(object, "status", "lastScheduleTime");
    return textOf(time) === "" ? "<none>" : ageOf(time, now);
  }),
  ageColumn,
  wide("Containers", (object) => containerNames(jobTemplate(object))),
  wide("Images", (object) => containerImages(jobTemplate(object))),
  wide("Selector", (object) => {
    const labels = at(object, "spec", "jobTemplate", "spec", "selector");
    return isFields(labels) ? formatLabelSelector(labels) : "<none>";
  }),
];

export const controllerRevisionColumns: Column[] = [
  nameColumn,
  column("Controller", (object) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller);
    if (owner === undefined) return "<none>";
    const [, groupName = ""] = [...owner.apiVersion.split("/").reverse(), ""];
    return `${owner.kind.toLowerCase()}${groupName === "" ? "" : `.${groupName}`}/${owner.name}`;
  }),
  column("Revision", (object) => numberOf(object.revision), "integer"),
  ageColumn,
];

function metricText(autoscaler: KubeObject): string {
  const targets = listOf(at(autoscaler, "spec", "metrics"));
  if (targets.length === 0) return "<none>";
  return targets
    .map((metric, index) => {
      const current = at(
        autoscaler,
        "status",
        "currentMetrics",
        index,
        "resource",
        "current",
        "averageUtilization",
      );
      const name = textOf(at(metric, "resource", "name"));
      const target = at(metric, "resource", "target", "averageUtilization");
      return `${name}: ${typeof current === "number" ? `${current}%` : "<unknown>"}/${String(target)}%`;
    })
    .join(", ");
}

export const autoscalerColumns: Column[] = [
  nameColumn,
  column("Reference", (object) => {
    const { kind, name } = fieldsOf(at(object, "spec", "scaleTargetRef"));
    return `${textOf(kind)}/${textOf(name)}`;
  }),
  column("Targets", metricText),
  column("MinPods", (object) => String(at(object, "spec", "minReplicas") ?? "<unset>")),
  column("MaxPods", spec("maxReplicas"), "integer"),
  column("Replicas", status("currentReplicas"), "integer"),
  ageColumn,
];

export const disruptionBudgetColumns: Column[] = [
  nameColumn,
  column("Min Available", (object) => String(at(object, "spec", "minAvailable") ?? "N/A")),
  column("Max Unavailable", (object) => String(at(object, "spec", "maxUnavailable") ?? "N/A")),
  column("Allowed Disruptions", status("disruptionsAllowed"), "integer"),
  ageColumn,
];
