import { expect, test } from "vitest";
import { describeApi } from "../../../../api/openapi/document.ts";
import { type ApiDocument, readDocument } from "./read-document.ts";

const reference = readDocument(JSON.parse(JSON.stringify(describeApi())) as ApiDocument);
const find = (id: string) => reference.operations.find((operation) => operation.id === id);

test("every operation of the document is there once", () => {
  const ids = reference.operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const paths = Object.values(describeApi().paths ?? {});
  expect(ids.length).toBe(paths.reduce((sum, methods) => sum + Object.keys(methods).length, 0));
});

test("a parameter has its type, limits, default and example", () => {
  const parameters = find("listRequestAudit")?.parameters ?? [];
  expect(parameters.find(({ name }) => name === "limit")).toMatchObject({
    in: "query",
    type: "integer, 1 to 1000",
    default: "50",
    required: false,
  });
  const defaults = reference.operations.flatMap((operation) =>
    operation.parameters.filter(({ name }) => name === "numberOfSamples" || name === "offset"),
  );
  expect(new Set(defaults.map(({ name, default: value }) => `${name} ${value}`))).toEqual(
    new Set(["numberOfSamples 20", "offset 0", "offset null", "numberOfSamples null"]),
  );
  expect(parameters.find(({ name }) => name === "filter")?.example).toContain("verb");
  expect(find("getRequestAuditEntry")?.parameters[0]).toMatchObject({
    name: "no",
    in: "path",
    required: true,
  });
});

test("an answer has an example of its own shape, references followed", () => {
  const answer = find("listRequestAudit")?.answers[0]?.types[0];
  const example = JSON.parse(answer?.example ?? "null");
  expect(example.entries[0]).toMatchObject({ no: 290316, result: "success" });
  expect(answer?.fields.map(({ name }) => name)).toContain("entries[].httpStatus");
});

test("the token endpoint needs no token and shows a body to send", () => {
  const operation = find("issueToken");
  expect(operation?.anonymous).toBe(true);
  const types = operation?.body?.examples.map((example) => JSON.parse(example).grantType);
  expect(types).toEqual(["app_token", "client_credentials"]);
});
