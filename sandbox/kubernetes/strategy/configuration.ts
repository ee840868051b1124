import { type FieldError, invalidValue } from "../http/status-error.ts";
import { equalJson, fieldsOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

const keyPattern = /^[-._a-zA-Z0-9]{1,253}$/;

function validateKeys(object: KubeObject, names: string[]): FieldError[] {
  return names.flatMap((name) =>
    Object.keys(fieldsOf(object[name]))
      .filter((key) => !keyPattern.test(key))
      .map((key) =>
        invalidValue(
          `${name}[${key}]`,
          key,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        ),
      ),
  );
}

function validateImmutable(object: KubeObject, before: KubeObject, names: string[]): FieldError[] {
  if (before.immutable !== true) return [];
  return [...names, "immutable"]
    .filter((name) => !equalJson(object[name], before[name]))
    .map((field) => ({
      field,
      reason: "FieldValueForbidden",
      message: "Forbidden: field is immutable when `immutable` is set",
    }));
}

export const configMapStrategy: Strategy = {
  validate: (object) => validateKeys(object, ["data", "binaryData"]),
  validateUpdate: (object, before) => validateImmutable(object, before, ["data", "binaryData"]),
};

export const secretStrategy: Strategy = {
  setDefaults(secret) {
    setDefault(secret, "type", "Opaque");
    if (secret.stringData === undefined) return;
    const encoded = Object.entries(fieldsOf(secret.stringData)).map(([key, value]) => [
      key,
      Buffer.from(textOf(value)).toString("base64"),
    ]);
    secret.data = { ...fieldsOf(secret.data), ...Object.fromEntries(encoded) };
    delete secret.stringData;
  },
  validate: (secret) => validateKeys(secret, ["data"]),
  validateUpdate(secret, before) {
    const errors = validateImmutable(secret, before, ["data"]);
    if (secret.type !== before.type) errors.push(invalidValue("type", secret.type, "field is immutable"));
    return errors;
  },
};
