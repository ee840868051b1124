import { type FieldError, invalidValue, requiredValue } from "../http/status-error.ts";
import { equalJson, type Fields, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { admitPodSpec, setPodSpecDefaults, setPodTemplateDefaults } from "./pod-defaults.ts";
import { ensureFields } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

function containersOf(spec: Fields): Fields[] {
  return [...listOf(spec.initContainers), ...listOf(spec.containers)].filter(isFields);
}

/** Guaranteed when every container's limits equal its requests, BestEffort when none has either. */
function qosClassOf(spec: Fields): string {
  const resources = containersOf(spec).map((container) => fieldsOf(container.resources));
  const empty = (value: unknown) => Object.keys(fieldsOf(value)).length === 0;
  if (resources.every(({ limits, requests }) => empty(limits) && empty(requests))) return "BestEffort";
  const guaranteed = resources.every(
    ({ limits, requests }) =>
      equalJson(limits, requests) && "cpu" in fieldsOf(limits) && "memory" in fieldsOf(limits),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

export function validatePodSpec(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const containers = listOf(spec.containers);
  if (containers.length === 0) errors.push(requiredValue(`${path}.containers`));
  const names = new Set<string>();
  for (const [index, item] of containers.entries()) {
    const { name, image } = fieldsOf(item);
    const at = `${path}.containers[${index}]`;
    if (textOf(name) === "") errors.push(requiredValue(`${at}.name`));
    if (textOf(image) === "") errors.push(requiredValue(`${at}.image`));
    if (names.has(textOf(name))) {
      const message = `Duplicate value: ${JSON.stringify(name)}`;
      errors.push({ field: `${at}.name`, reason: "FieldValueDuplicate", message });
    }
    names.add(textOf(name));
  }
  if (!["Always", "OnFailure", "Never"].includes(textOf(spec.restartPolicy))) {
    const message = `Unsupported value: ${JSON.stringify(spec.restartPolicy)}: supported values: "Always", "OnFailure", "Never"`;
    errors.push({ field: `${path}.restartPolicy`, reason: "FieldValueNotSupported", message });
  }
  return errors;
}

const immutableHint =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** The spec without what may change in a running pod. */
function immutablePart(spec: unknown): Fields {
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    terminationGracePeriodSeconds: _grace,
    ephemeralContainers: _ephemeral,
    nodeName: _node,
    ...rest
  } = fieldsOf(spec);
  const mutable = ({
    image: _image,
    imagePullPolicy: _policy,
    resources: _resources,
    ...container
  }: Fields) => container;
  return {
    ...rest,
    containers: listOf(rest.containers).filter(isFields).map(mutable),
    initContainers: listOf(rest.initContainers).filter(isFields).map(mutable),
  };
}

export const podStrategy: Strategy = {
  returnsDeleted: true,
  setDefaults(pod) {
    setPodSpecDefaults(ensureFields(pod, "spec"));
  },
  prepareForCreate(pod, cluster) {
    const spec = ensureFields(pod, "spec");
    admitPodSpec(spec, cluster.randomSuffix());
    pod.status = { phase: "Pending", qosClass: qosClassOf(spec) };
  },
  validate: (pod) => validatePodSpec(fieldsOf(pod.spec), "spec"),
  validateUpdate(pod, before) {
    if (equalJson(immutablePart(pod.spec), immutablePart(before.spec))) return [];
    return [{ field: "spec", reason: "FieldValueForbidden", message: `Forbidden: ${immutableHint}` }];
  },
};

export const podTemplateStrategy: Strategy = {
  setDefaults: (object) => setPodTemplateDefaults(object),
};

export function checkTemplateLabels(matches: boolean, labels: unknown): FieldError[] {
  if (matches) return [];
  return [
    invalidValue(
      "spec.template.metadata.labels",
      labels ?? null,
      "`selector` does not match template `labels`",
    ),
  ];
}
