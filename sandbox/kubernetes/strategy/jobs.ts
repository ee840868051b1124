import { invalidValue, requiredValue } from "../http/status-error.ts";
import { at, equalJson, type Fields, fieldsOf, isFields, textOf } from "../objects/fields.ts";
import { setPodTemplateDefaults } from "./pod-defaults.ts";
import { validatePodSpec } from "./pods.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

function setJobSpecDefaults(spec: Fields): void {
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1;
    spec.parallelism = 1;
  }
  setDefault(spec, "parallelism", 1);
  setDefault(spec, "backoffLimit", 6);
  setDefault(spec, "completionMode", "NonIndexed");
  setDefault(spec, "suspend", false);
  setDefault(spec, "podReplacementPolicy", "TerminatingOrFailed");
  setPodTemplateDefaults(spec);
}

export const jobStrategy: Strategy = {
  setDefaults(job) {
    setJobSpecDefaults(ensureFields(job, "spec"));
  },
  prepareForCreate(job) {
    const spec = ensureFields(job, "spec");
    const labels = {
      "batch.kubernetes.io/controller-uid": job.metadata.uid,
      "batch.kubernetes.io/job-name": job.metadata.name,
      "controller-uid": job.metadata.uid,
      "job-name": job.metadata.name,
    };
    if (spec.manualSelector !== true) {
      const metadata = ensureFields(ensureFields(spec, "template"), "metadata");
      metadata.labels = { ...fieldsOf(metadata.labels), ...labels };
      spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": job.metadata.uid } };
    }
    job.status = {};
  },
  validate(job) {
    const template = fieldsOf(at(job, "spec", "template", "spec"));
    const policy = textOf(template.restartPolicy);
    const errors = validatePodSpec(template, "spec.template.spec");
    if (policy === "Always") {
      const message = 'Unsupported value: "Always": supported values: "OnFailure", "Never"';
      errors.push({
        field: "spec.template.spec.restartPolicy",
        reason: policy === "Always" ? "FieldValueNotSupported" : "FieldValueRequired",
        message,
      });
    }
    return errors;
  },
  validateUpdate(job, before) {
    if (equalJson(at(job, "spec", "template"), at(before, "spec", "template"))) return [];
    return [invalidValue("spec.template", at(job, "spec", "template"), "field is immutable")];
  },
};

const field = "[0-9*?/,\\-A-Za-z]+";
const schedulePattern = new RegExp(
  `^(@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)|(${field}\\s+){4}${field})$`,
);

export const cronJobStrategy: Strategy = {
  setDefaults(cronJob) {
    const spec = ensureFields(cronJob, "spec");
    setDefault(spec, "concurrencyPolicy", "Allow");
    setDefault(spec, "suspend", false);
    setDefault(spec, "successfulJobsHistoryLimit", 3);
    setDefault(spec, "failedJobsHistoryLimit", 1);
    const template = ensureFields(spec, "jobTemplate");
    setDefault(ensureFields(template, "metadata"), "creationTimestamp", null);
    const jobSpec = ensureFields(template, "spec");
    if (isFields(jobSpec.template)) setPodTemplateDefaults(jobSpec);
  },
  prepareForCreate(cronJob) {
    cronJob.status = {};
  },
  validate(cronJob) {
    const schedule = textOf(at(cronJob, "spec", "schedule"));
    if (schedule === "") return [requiredValue("spec.schedule")];
    if (schedulePattern.test(schedule.trim())) return [];
    const found = schedule.trim().split(/\s+/);
    return [
      invalidValue(
        "spec.schedule",
        schedule,
        `expected exactly 5 fields, found ${found.length}: [${found.join(" ")}]`,
      ),
    ];
  },
};
