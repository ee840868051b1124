import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeProtobuf } from "./decode.ts";

/** The bodies that kubectl sent and the API server answered with, from a captured connection. */
function capturedBodies(): { client: Buffer; server: Buffer } {
  const file = new URL("./fixtures/create-configmap-kubectl1.32.jsonl", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const bodyOf = (direction: string) => {
    const line = lines.map((text) => JSON.parse(text)).find(({ d, b }) => d === direction && b !== undefined);
    const bytes = Buffer.from(line.b, "base64");
    return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
  };
  return { client: bodyOf("c"), server: bodyOf("s") };
}

test("decodes what kubectl posts", () => {
  expect(decodeProtobuf(capturedBodies().client)).toEqual({
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "zz", creationTimestamp: null },
    data: { a: "b" },
  });
});

test("decodes what a real API server answers", () => {
  const decoded = decodeProtobuf(capturedBodies().server);
  expect(decoded.metadata).toMatchObject({
    name: "zz",
    namespace: "default",
    resourceVersion: "546",
    creationTimestamp: "2026-11-20T09:09:06Z",
    managedFields: [{ manager: "kubectl-create", fieldsV1: { "f:data": { ".": {}, "f:a": {} } } }],
  });
});

test.each([
  ["no envelope", Buffer.from("{}")],
  ["an envelope cut short", Buffer.from("k8s\0\n\x40ab", "latin1")],
  [
    "an unknown kind",
    Buffer.concat([Buffer.from("k8s\0", "latin1"), Buffer.from([10, 6, 10, 1, 118, 18, 1, 88])]),
  ],
])("refuses %s", (_name, body) => {
  expect(() => decodeProtobuf(body)).toThrow();
});
