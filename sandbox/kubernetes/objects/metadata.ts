import { type FieldError, invalidValue } from "../http/status-error.ts";
import type { Resource } from "../registry/resource.ts";
import type { KubeObject } from "./object.ts";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainHint =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelHint =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const labelValueHint =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const labelNameHint =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function validateName(resource: Resource, name: string): FieldError[] {
  if (resource.group === "rbac.authorization.k8s.io") {
    return /[/%]/.test(name) ? [invalidValue("metadata.name", name, "may not contain '/' or '%'")] : [];
  }
  const isLabel = resource.storage === "/namespaces" || resource.storage === "/services";
  if (isLabel) {
    return dnsLabel.test(name) && name.length <= 63 ? [] : [invalidValue("metadata.name", name, labelHint)];
  }
  return subdomain.test(name) && name.length <= 253
    ? []
    : [invalidValue("metadata.name", name, subdomainHint)];
}

function validateLabels(labels: Record<string, string> | undefined): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const errors: FieldError[] = [];
    const part = key.includes("/") ? key.slice(key.indexOf("/") + 1) : key;
    if (!labelName.test(part)) errors.push(invalidValue("metadata.labels", key, labelNameHint));
    if (typeof value !== "string" || value.length > 63 || !labelValue.test(value)) {
      errors.push(invalidValue("metadata.labels", value, labelValueHint));
    }
    return errors;
  });
}

/** The rules that every object's name and labels follow. */
export function validateMetadata(resource: Resource, object: KubeObject): FieldError[] {
  return [...validateName(resource, object.metadata.name), ...validateLabels(object.metadata.labels)];
}
