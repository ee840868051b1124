import { expect, test } from "vitest";
import fc from "../../test/properties.ts";
import { decodeKubernetesProtobuf } from "./decode-kubernetes-protobuf.ts";
import { readCapture } from "./fixtures/read-capture.ts";
import { messageFields } from "./kubernetes-messages.ts";
import { chunk, encodeKubernetesProtobuf, envelope } from "./testing/encode-kubernetes-protobuf.ts";

const kubectlBody = readCapture("create-configmap-protobuf-kubectl1.32").client;

test("what kubectl creates is read as it would be in JSON", () => {
  expect(decodeKubernetesProtobuf(kubectlBody)).toEqual({
    value: { kind: "ConfigMap", apiVersion: "v1", metadata: { name: "zz" }, data: { a: "b" } },
    complete: true,
  });
});

/** Numbers, texts, inlined structs and the forms that JSON has of its own. */
const deployment = {
  kind: "Deployment",
  apiVersion: "apps/v1",
  metadata: {
    name: "web",
    creationTimestamp: "2026-11-28T09:00:00Z",
    labels: { app: "web" },
    managedFields: [{ manager: "kubectl", fieldsV1: { "f:spec": {} } }],
  },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: {
      spec: {
        volumes: [
          { name: "a", emptyDir: {} },
          { name: "b", secret: { secretName: "s", defaultMode: 420 } },
        ],
        containers: [
          {
            name: "web",
            image: "nginx",
            args: ["--port=80"],
            ports: [{ containerPort: 80 }],
            env: [
              { name: "A", value: "b" },
              { name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: false } } },
            ],
            resources: { limits: { cpu: "500m", memory: "1Gi" } },
            livenessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 10 },
            readinessProbe: { tcpSocket: { port: 8080 } },
            securityContext: { runAsNonRoot: false, runAsUser: 0 },
          },
        ],
        terminationGracePeriodSeconds: -1,
        automountServiceAccountToken: false,
      },
    },
    strategy: { rollingUpdate: { maxUnavailable: "25%", maxSurge: 1 } },
  },
};

test("zeros that were said, inlined structs, numbers or texts, quantities, times, maps and raw objects", () => {
  expect(decodeKubernetesProtobuf(encodeKubernetesProtobuf(deployment))).toEqual({
    value: deployment,
    complete: true,
  });
});

test.each([
  { kind: "Secret", apiVersion: "v1", metadata: { name: "s" }, data: { a: "aGk=" }, type: "Opaque" },
  { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background", dryRun: ["All"] },
  { kind: "DeleteOptions", apiVersion: "apps/v1", gracePeriodSeconds: 0 },
  { kind: "List", apiVersion: "v1", metadata: {}, items: [{ kind: "Widget", spec: { a: 1 } }] },
  {
    kind: "ClusterRole",
    apiVersion: "rbac.authorization.k8s.io/v1",
    metadata: { name: "r" },
    rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
  },
])("$apiVersion $kind", (object) => {
  const { value } = decodeKubernetesProtobuf(encodeKubernetesProtobuf(object))!;
  expect(value).toMatchObject(JSON.parse(JSON.stringify(object).replace('"metadata":{},', "")));
});

test("an object within a list may be protobuf itself", () => {
  const list = envelope("v1", "List", chunk(2, chunk(1, kubectlBody)));
  expect(decodeKubernetesProtobuf(list)?.value).toMatchObject({
    items: [{ kind: "ConfigMap", data: { a: "b" } }],
  });
});

test.each([
  ["a kind of another group", envelope("example.com/v1", "Deployment", Buffer.alloc(0))],
  [
    "a group that begins like a built-in one",
    envelope("apps.example.com/v1", "Deployment", chunk(1, Buffer.alloc(2))),
  ],
  ["an unknown kind", envelope("v1", "Podd", chunk(1, Buffer.alloc(2)))],
  ["no protobuf", Buffer.from("k8s\0hello")],
  ["JSON", Buffer.from("{}")],
  ["nothing", Buffer.alloc(0)],
])("%s is not read", (_what, body) => {
  expect(decodeKubernetesProtobuf(body)).toBeNull();
});

test("of a body that is cut there is what came, and no text without its end", () => {
  const whole = encodeKubernetesProtobuf(deployment);
  const texts = new Set(JSON.stringify(deployment).match(/"(?:[^"\\]|\\.)*"/g));
  let most = 0;
  for (let end = 0; end < whole.length; end++) {
    const decoded = decodeKubernetesProtobuf(whole.subarray(0, end));
    if (decoded === null) continue;
    expect(decoded.complete).toBe(false);
    const found = JSON.stringify(decoded.value).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    for (const text of found) expect(texts).toContain(text);
    most = Math.max(most, found.length);
  }
  expect(most).toBeGreaterThan(80);
});

test("bytes that are none of that kind are no error", () => {
  const kinds = fc.constantFrom(["v1", "Pod"], ["apps/v1", "Deployment"], ["v1", "List"], ["v1", "Secret"]);
  fc.assert(
    fc.property(kinds, fc.uint8Array({ maxLength: 300 }), ([apiVersion = "", kind = ""], bytes) => {
      const body = envelope(apiVersion, kind, Buffer.from(bytes));
      expect(decodeKubernetesProtobuf(body)?.value.kind ?? kind).toBe(kind);
    }),
    { numRuns: 2_000 },
  );
});

test("depth and number of values are bounded", () => {
  let nested: Buffer = kubectlBody;
  for (let depth = 0; depth < 200; depth++) nested = envelope("v1", "List", chunk(2, chunk(1, nested)));
  expect(decodeKubernetesProtobuf(nested)?.complete).toBe(false);
  const finalizers = Buffer.concat(Array<Buffer>(100_000).fill(chunk(14, Buffer.alloc(0))));
  const many = decodeKubernetesProtobuf(envelope("v1", "ConfigMap", chunk(1, finalizers)))!;
  expect(many.complete).toBe(false);
  expect((many.value.metadata as { finalizers: unknown[] }).finalizers.length).toBeLessThan(20_000);
});

test("every type of the table is a scalar or a message of it", () => {
  const seen = new Set<string>();
  const visit = (message: string): void => {
    if (seen.has(message)) return;
    seen.add(message);
    const fields = messageFields(message);
    expect(fields, message).not.toBeNull();
    for (const { type } of fields!.values()) if (type.length > 1) visit(type);
  };
  for (const kind of [
    "core.v1.Pod",
    "core.v1.Secret",
    "apps.v1.StatefulSet",
    "batch.v1.CronJob",
    "networking.v1.Ingress",
  ])
    visit(kind);
  expect(seen.size).toBeGreaterThan(150);
});

test("an object in parts is not read: what the parts say together is not what each says", () => {
  const inParts = envelope(
    "v1",
    "ConfigMap",
    Buffer.concat([chunk(1, chunk(1, Buffer.from("a"))), chunk(1, Buffer.alloc(0))]),
  );
  expect(decodeKubernetesProtobuf(inParts)).toBeNull();
});
