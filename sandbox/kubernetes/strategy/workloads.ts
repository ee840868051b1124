import { type FieldError, invalidValue, requiredValue } from "../http/status-error.ts";
import { at, equalJson, fieldsOf, isFields, listOf, numberOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { objectLabelSelector } from "../selectors/label-selector.ts";
import { setPodTemplateDefaults } from "./pod-defaults.ts";
import { checkTemplateLabels, validatePodSpec } from "./pods.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

function validateWorkload(object: KubeObject): FieldError[] {
  const { selector, template, replicas } = fieldsOf(object.spec);
  const errors: FieldError[] = [];
  if (numberOf(replicas) < 0) {
    errors.push(invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  if (!isFields(selector)) {
    errors.push(requiredValue("spec.selector"));
  } else {
    const labels = at(template, "metadata", "labels") as Record<string, string> | undefined;
    errors.push(...checkTemplateLabels(objectLabelSelector(selector)(labels), labels));
  }
  return errors.concat(validatePodSpec(fieldsOf(at(template, "spec")), "spec.template.spec"));
}

function immutableField(path: string[]): NonNullable<Strategy["validateUpdate"]> {
  return (object, before) => {
    if (equalJson(at(object, ...path), at(before, ...path))) return [];
    return [invalidValue(path.join("."), at(object, ...path), "field is immutable")];
  };
}

const emptyReplicaStatus = {
  prepareForCreate(object: KubeObject): void {
    object.status = { replicas: 0 };
  },
};

const emptyStatus = {
  prepareForCreate(object: KubeObject): void {
    object.status = {};
  },
};

export const deploymentStrategy: Strategy = {
  ...emptyStatus,
  setDefaults(object) {
    const spec = ensureFields(object, "spec");
    setDefault(spec, "replicas", 1);
    setDefault(spec, "revisionHistoryLimit", 10);
    setDefault(spec, "progressDeadlineSeconds", 600);
    const strategy = ensureFields(spec, "strategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") {
      const rolling = ensureFields(strategy, "rollingUpdate");
      setDefault(rolling, "maxUnavailable", "25%");
      setDefault(rolling, "maxSurge", "25%");
    }
    setPodTemplateDefaults(spec);
  },
  validate: validateWorkload,
  validateUpdate: immutableField(["spec", "selector"]),
};

export const replicaSetStrategy: Strategy = {
  ...emptyReplicaStatus,
  setDefaults(object) {
    const spec = ensureFields(object, "spec");
    setDefault(spec, "replicas", 1);
    setPodTemplateDefaults(spec);
  },
  validate: validateWorkload,
  validateUpdate: immutableField(["spec", "selector"]),
};

export const replicationControllerStrategy: Strategy = {
  ...emptyReplicaStatus,
  setDefaults(object) {
    const spec = ensureFields(object, "spec");
    setDefault(spec, "replicas", 1);
    setPodTemplateDefaults(spec);
    setDefault(spec, "selector", at(spec, "template", "metadata", "labels"));
  },
};

export const daemonSetStrategy: Strategy = {
  prepareForCreate(object) {
    object.status = {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    };
  },
  setDefaults(object) {
    const spec = ensureFields(object, "spec");
    setDefault(spec, "revisionHistoryLimit", 10);
    const strategy = ensureFields(spec, "updateStrategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate") {
      const rolling = ensureFields(strategy, "rollingUpdate");
      setDefault(rolling, "maxUnavailable", 1);
      setDefault(rolling, "maxSurge", 0);
    }
    setPodTemplateDefaults(spec);
  },
  validate: validateWorkload,
  validateUpdate: immutableField(["spec", "selector"]),
};

export const statefulSetStrategy: Strategy = {
  prepareForCreate(object) {
    object.status = { replicas: 0, availableReplicas: 0 };
  },
  setDefaults(object) {
    const spec = ensureFields(object, "spec");
    setDefault(spec, "replicas", 1);
    setDefault(spec, "revisionHistoryLimit", 10);
    setDefault(spec, "podManagementPolicy", "OrderedReady");
    setDefault(spec, "persistentVolumeClaimRetentionPolicy", { whenDeleted: "Retain", whenScaled: "Retain" });
    const strategy = ensureFields(spec, "updateStrategy");
    setDefault(strategy, "type", "RollingUpdate");
    if (strategy.type === "RollingUpdate")
      setDefault(ensureFields(strategy, "rollingUpdate"), "partition", 0);
    for (const claim of listOf(spec.volumeClaimTemplates).filter(isFields)) {
      setDefault(claim, "apiVersion", "v1");
      setDefault(claim, "kind", "PersistentVolumeClaim");
      setDefault(ensureFields(claim, "spec"), "volumeMode", "Filesystem");
      setDefault(claim, "status", { phase: "Pending" });
    }
    setPodTemplateDefaults(spec);
  },
  validate: validateWorkload,
  validateUpdate(object, before) {
    const fixed = ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"];
    if (fixed.every((name) => equalJson(at(object, "spec", name), at(before, "spec", name)))) return [];
    const message =
      "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
    return [{ field: "spec", reason: "FieldValueForbidden", message }];
  },
};
