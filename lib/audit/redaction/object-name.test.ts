import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readCapture } from "../../wire/fixtures/read-capture.ts";
import { createBodyCapture, SEARCH_WINDOW_BYTES } from "./body-capture.ts";
import { nameOfProtobuf } from "./object-name.ts";

interface Sent {
  body: string | Buffer;
  contentType?: string;
  contentEncoding?: string;
  resource?: string;
}

function nameIn({ body, contentType = "application/json", contentEncoding, resource = "configmaps" }: Sent) {
  const capture = createBodyCapture({ contentType, contentEncoding, requestInfo: { resource } });
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 16_384) capture.write(bytes.subarray(at, at + 16_384));
  expect(capture.objectName()).toBeNull();
  capture.finish();
  return capture.objectName();
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const kubectlBody = readCapture("create-configmap-protobuf-kubectl1.32").client;
const named = (name: unknown, rest: object = {}) =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...rest });

test.each<[string, Sent]>([
  ["JSON", { body: named("zz") }],
  ["gzip", { body: gzipSync(named("zz")), contentEncoding: "gzip" }],
  ["YAML", { body: "kind: ConfigMap\nmetadata:\n  name: zz\n", contentType: "application/yaml" }],
  ["what kubectl posts, protobuf", { body: kubectlBody, contentType: PROTOBUF }],
  ["protobuf in gzip", { body: gzipSync(kubectlBody), contentType: PROTOBUF, contentEncoding: "gzip" }],
  ["JSON that is cut", { body: named("zz", { data: { a: "x".repeat(SEARCH_WINDOW_BYTES) } }) }],
  [
    "a Secret that is cut",
    { body: named("zz", { data: { a: "x".repeat(SEARCH_WINDOW_BYTES) } }), resource: "secrets" },
  ],
])("the object's name is read from %s", (_what, sent) => {
  expect(nameIn(sent)).toBe("zz");
});

test("protobuf that is cut has its name at the beginning", () => {
  expect(nameOfProtobuf(kubectlBody.subarray(0, kubectlBody.length - 12))).toBe("zz");
});

test("protobuf in parts has the name that counts for Go: the last one, wherever in ObjectMeta's parts it is", () => {
  const text = (number: number, value: string | Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, Buffer.byteLength(value)]), Buffer.from(value)]);
  const metadata = [text(1, "decoy"), text(1, "zz"), text(3, "shop")].map((part) => text(1, part));
  const body = Buffer.concat([Buffer.from("k8s\0"), text(2, "decoy"), text(2, Buffer.concat(metadata))]);
  expect(nameOfProtobuf(body)).toBe("zz");
});

test.each<[string, Sent]>([
  ["no name", { body: '{"metadata":{"generateName":"a-"}}' }],
  ["no metadata", { body: '{"kind":"ConfigMap"}' }],
  ["an array", { body: "[1]" }],
  ["a name that is no text", { body: named(7) }],
  ["a path in the place of a name", { body: named("../x") }],
  ["a control character", { body: named("a\nb") }],
  ["a name without end", { body: named("x".repeat(600)) }],
  ["broken JSON", { body: '{"metadata":{"name":"zz"' }],
  ["protobuf without its head", { body: kubectlBody.subarray(4), contentType: PROTOBUF }],
  ["no protobuf", { body: `k8s\0${"\xff".repeat(40)}`, contentType: PROTOBUF }],
  ["an application's own", { body: named("zz"), contentType: "text/plain" }],
])("no name is read from %s", (_what, sent) => {
  expect(nameIn(sent)).toBeNull();
});
