import { type Fields, isFields } from "../objects/fields.ts";
import type { Resource } from "../registry/resource.ts";
import { type ApiField, apiType } from "./api-types.ts";

export type FieldProblems = {
  unknown: string[];
  wrong: { path: string; found: string; expected: string }[];
};

/** Finds fields that the resource's type does not have, and values of the wrong JSON type. */
export function checkFields(resource: Resource, object: Fields): FieldProblems {
  const problems: FieldProblems = { unknown: [], wrong: [] };
  if (resource.typeName === undefined) return problems;
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  checkStruct(resource.typeName, rest, "", problems);
  return problems;
}

function checkStruct(typeName: string, value: Fields, path: string, problems: FieldProblems): void {
  const type = apiType(typeName);
  if (type === undefined) return;
  for (const [name, child] of Object.entries(value)) {
    const below = path === "" ? name : `${path}.${name}`;
    // Kinds within kinds, such as claim templates, may say what they are.
    if (type.isKind && (name === "kind" || name === "apiVersion")) continue;
    const field = type.fields.get(name);
    if (field === undefined) problems.unknown.push(below);
    else if (child !== null) checkField(field, child, below, problems);
  }
}

function checkField(field: ApiField, value: unknown, path: string, problems: FieldProblems): void {
  if (field.map) {
    if (!isFields(value)) {
      wrong(value, path, `map[string]${field.type}`, problems);
      return;
    }
    if (field.list) return;
    for (const [key, child] of Object.entries(value))
      checkValue(field.type, child, `${path}.${key}`, problems);
    return;
  }
  if (field.list) {
    if (!Array.isArray(value)) {
      wrong(value, path, `[]${field.type}`, problems);
      return;
    }
    for (const [index, child] of value.entries())
      checkValue(field.type, child, `${path}[${index}]`, problems);
    return;
  }
  checkValue(field.type, value, path, problems);
}

function checkValue(typeName: string, value: unknown, path: string, problems: FieldProblems): void {
  if (apiType(typeName) !== undefined) {
    if (isFields(value)) {
      checkStruct(typeName, value, path, problems);
      return;
    }
    wrong(value, path, typeName.replace("/v1.", ".").replace("core.", "v1."), problems);
    return;
  }
  if (!isOfType(typeName, value)) wrong(value, path, typeName, problems);
}

function isOfType(typeName: string, value: unknown): boolean {
  switch (typeName) {
    case "int32":
    case "int64":
    case "float64":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "Quantity":
    case "IntOrString":
      return typeof value === "number" || typeof value === "string";
    case "RawExtension":
    case "FieldsV1":
      return true;
    default:
      return typeof value === "string" || value === null;
  }
}

function wrong(value: unknown, path: string, expected: string, problems: FieldProblems): void {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  problems.wrong.push({ path, found, expected });
}
