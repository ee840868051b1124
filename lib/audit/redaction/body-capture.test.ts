import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readCapture } from "../../wire/fixtures/read-capture.ts";
import { encodeKubernetesProtobuf } from "../../wire/testing/encode-kubernetes-protobuf.ts";
import { createBodyCapture } from "./body-capture.ts";
import { createTextRedactor } from "./redact-text.ts";

interface Sent {
  body: string | Buffer;
  contentType?: string | null;
  contentEncoding?: string | null;
  resource?: string;
}

function capture({
  body,
  contentType = "application/json",
  contentEncoding = null,
  resource = "configmaps",
}: Sent) {
  const sink = createBodyCapture({ contentType, contentEncoding, requestInfo: { resource } });
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += 16_384) sink.write(bytes.subarray(at, at + 16_384));
  return sink.finish();
}

test("a body is kept as YAML with the length and the hash of what was sent", () => {
  const body = JSON.stringify({
    kind: "ConfigMap",
    apiVersion: "v1",
    data: { color: "blue", lines: "a\nb\n" },
  });
  expect(capture({ body })).toEqual({
    text: "kind: ConfigMap\napiVersion: v1\ndata:\n  color: blue\n  lines: |\n    a\n    b\n",
    truncated: false,
    bytes: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
  });
});

test("however a body is cut, the same is kept of it, and no memory beside its bytes", () => {
  const options = {
    contentType: "application/json",
    contentEncoding: null,
    requestInfo: { resource: "pods" },
  };
  const body = Buffer.from(JSON.stringify({ kind: "Pod", data: "x".repeat(300_000) }));
  const [whole, cut] = [createBodyCapture(options), createBodyCapture(options)];
  whole.write(body);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const byte of body) cut.write(Uint8Array.of(byte));
  collect();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 2 ** 20);
  expect(cut.finish()).toEqual(whole.finish());
});

test("no body is null", () => {
  expect(capture({ body: "" })).toBeNull();
});

test("of a gzip body, length and hash are those of the bytes as sent", () => {
  const bytes = gzipSync(JSON.stringify({ kind: "Pod" }));
  expect(capture({ body: bytes, contentEncoding: "gzip" })).toEqual({
    text: "kind: Pod\n",
    truncated: false,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
});

test("a Secret keeps its names and the sizes of its values", () => {
  const body = JSON.stringify({
    kind: "Secret",
    metadata: { name: "db" },
    type: "Opaque",
    data: { password: Buffer.from("hunter2!").toString("base64") },
    stringData: { user: "zoë" },
  });
  expect(capture({ body, resource: "secrets" })!.text).toBe(
    'kind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: "[redacted 8 bytes]"\nstringData:\n  user: "[redacted 4 bytes]"\n',
  );
});

test("a merge patch that deletes a key of a Secret says so", () => {
  const body = JSON.stringify({ data: { old: null } });
  expect(capture({ body, resource: "secrets", contentType: "application/merge-patch+json" })!.text).toBe(
    "data:\n  old: null\n",
  );
});

test("what is harmless stays as it is", () => {
  const deployment = {
    kind: "Deployment",
    spec: {
      template: {
        spec: {
          automountServiceAccountToken: false,
          imagePullSecrets: [{ name: "registry-pull" }],
          containers: [
            {
              name: "web",
              args: ["--port=8080", "{json: like}"],
              env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
            },
          ],
          volumes: [{ name: "s", secret: { secretName: "db" } }],
        },
      },
    },
  };
  const { text } = capture({ body: JSON.stringify(deployment), resource: "deployments" })!;
  expect(text).not.toContain("redacted");
  expect(text).toContain("{json: like}");
});

test("a container's command and lines of configuration files lose their secrets", () => {
  const pod = {
    kind: "Pod",
    spec: { containers: [{ command: ["mysql", "-phunter2", "--password", "hunter3"], args: ["--port=80"] }] },
    data: { "app.yml": "spring:\n  datasource.password: hunter4\n  url: http://db\n" },
  };
  const { text } = capture({ body: JSON.stringify(pod), resource: "pods" })!;
  expect(text).not.toContain("hunter");
  expect(text).toContain("--port=80");
  expect(text).toContain("url: http://db");
});

test("a large body keeps its first 4096 bytes, on a character boundary", () => {
  const body = JSON.stringify({ apiVersion: "v1", data: { big: "ü".repeat(500_000) }, kind: "ConfigMap" });
  const kept = capture({ body })!;
  expect(kept.bytes).toBe(Buffer.byteLength(body));
  expect(kept.truncated).toBe(true);
  expect(Buffer.byteLength(kept.text)).toBeGreaterThan(4_090);
  expect(Buffer.byteLength(kept.text)).toBeLessThanOrEqual(4_096);
  expect(kept.text).toMatch(/^apiVersion: v1\ndata:\n {2}big: ü+$/);
});

test("a body between 4 KB and the window is cut too", () => {
  const data = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key-${index}`, "value"]));
  const kept = capture({ body: JSON.stringify({ kind: "ConfigMap", data }) })!;
  expect(kept.truncated).toBe(true);
  expect(Buffer.byteLength(kept.text)).toBe(4_096);
  expect(kept.text.startsWith("kind: ConfigMap\ndata:\n  key-0: value\n")).toBe(true);
});

test("a Secret that is too large to be searched leaves a note alone", () => {
  const body = JSON.stringify({ kind: "Secret", data: { a: "QQ==".repeat(80_000) } });
  expect(capture({ body, resource: "secrets" })).toMatchObject({
    text: "# The body is not kept: it is larger than the 256 KB that are searched for secrets.\n",
    truncated: true,
    bytes: body.length,
  });
});

test.each([
  [
    "a bomb of zeros",
    { body: gzipSync(Buffer.alloc(50_000_000)), contentEncoding: "gzip" },
    "unpacked, it is larger",
  ],
  ["broken gzip", { body: "no gzip", contentEncoding: "gzip" }, "it is not the gzip"],
  ["an unknown encoding", { body: "{}", contentEncoding: "br" }, "its encoding"],
  [
    "broken JSON",
    { body: '{"kind": "Secret", "data": {"a": "c2Vj', resource: "secrets" },
    "it is not valid JSON",
  ],
  ["broken YAML", { body: "a: b: c: [", contentType: "application/yaml" }, "it is not valid YAML"],
  ["an alias bomb", { body: yamlBomb(), contentType: "application/yaml" }, "it is not valid YAML"],
  [
    "an unknown type",
    { body: "a=b", contentType: "application/x-www-form-urlencoded" },
    "cannot be searched",
  ],
  ["a call to an application", { body: "{}", resource: "services/proxy" }, "it went to an application"],
  [
    "a key twice, which Go puts together",
    { body: '{"spec":{"hostNetwork":true},"metadata":{"name":"a\\": \\"b"},"spec":{}}' },
    "an object in it has a key twice",
  ],
  ["deep nesting", { body: `${"[".repeat(50_000)}${"]".repeat(50_000)}` }, "it is nested too deeply"],
  [
    "deep nesting in what is larger than is searched",
    { body: `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}` },
    "it is nested too deeply",
  ],
  ["CBOR", { body: Buffer.from([0xa0]), contentType: "application/cbor" }, "cannot be searched"],
])("%s leaves a note", (_name, sent: Sent, reason) => {
  const kept = capture(sent)!;
  expect(kept.text).toContain(`# The body is not kept: ${reason.startsWith("cannot") ? '"' : reason}`);
  expect(kept.text).toContain(reason);
  expect(kept.truncated).toBe(true);
});

function yamlBomb(): string {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
  );
  return `a0: &a0 x\n${levels.join("\n")}\n`;
}

test("what kubectl creates is kept as if it were JSON", () => {
  const body = readCapture("create-configmap-protobuf-kubectl1.32").client;
  expect(capture({ body, contentType: "application/vnd.kubernetes.protobuf" })).toEqual({
    text: "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: zz\ndata:\n  a: b\n",
    truncated: false,
    bytes: body.length,
    sha256: createHash("sha256").update(body).digest("hex"),
  });
});

test("a Secret in protobuf keeps its names and the sizes of its values, also where it is cut", () => {
  const data = { password: Buffer.from("hunter2!").toString("base64"), z: "A".repeat(400_000) };
  const whole = encodeKubernetesProtobuf({
    kind: "Secret",
    apiVersion: "v1",
    metadata: { name: "db" },
    data,
    stringData: { user: "zoë" },
    type: "Opaque",
  });
  for (const resource of ["secrets", "widgets"]) {
    const kept = capture({ body: whole, contentType: "application/vnd.kubernetes.protobuf", resource })!;
    expect(kept.text).toBe(
      'kind: Secret\napiVersion: v1\nmetadata:\n  name: db\ndata:\n  password: "[redacted 8 bytes]"\n',
    );
    expect(kept).toMatchObject({ truncated: true, bytes: whole.length });
  }
});

test("commands, variables and texts in protobuf lose their secrets", () => {
  const body = encodeKubernetesProtobuf({
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "a" },
    spec: {
      containers: [
        {
          name: "c",
          command: ["mysql", "-phunter2"],
          args: ["acme-hunter2"],
          env: [{ name: "DB_PASSWORD", value: "hunter2" }],
        },
      ],
    },
  });
  const sink = createBodyCapture({
    contentType: "application/vnd.kubernetes.protobuf",
    contentEncoding: null,
    requestInfo: { resource: "pods" },
    redactor: createTextRedactor([/acme-\S+/]),
  });
  sink.write(body);
  const { text } = sink.finish()!;
  expect(text).not.toContain("hunter2");
  expect(text).toContain("- -p[redacted 7 bytes]");
  expect(text).toContain("name: DB_PASSWORD");
});

test("protobuf of a kind that is not built in keeps kind and size, no content", () => {
  const typeMeta = Buffer.from("\n\x02v1\x12\x06Widget", "latin1");
  const body = Buffer.concat([
    Buffer.from("k8s\0\n", "latin1"),
    Buffer.from([typeMeta.length]),
    typeMeta,
    Buffer.from("\x12\x07hunter2"),
  ]);
  expect(
    capture({ body, contentType: "application/vnd.kubernetes.protobuf", resource: "secrets" }),
  ).toMatchObject({
    text: "# The body is not kept: protobuf, v1 Widget.\n",
    bytes: body.length,
  });
});

test("a Secret behind a YAML merge key is seen", () => {
  const body =
    "x: &x\n  data:\n    a: aHVudGVyMg==\ny:\n  <<: *x\n  kind: Secret\nz: &z !!binary aHVudGVyMg==\n";
  const { text } = capture({ body, contentType: "application/yaml", resource: "widgets" })!;
  expect(text.match(/aHVudGVyMg/g) ?? []).toHaveLength(1);
});

test.each([
  ["a line each", Array.from({ length: 1_200 }, (_, index) => `k${index}: v\n`).join("")],
  ["items of a list", `a: [${"b,".repeat(3_000)}]`],
  ["nested dashes", "- - - - - - - - a\n".repeat(400)],
  ["more than 32 KB", `a: |\n${"  text text text\n".repeat(2_500)}`],
])("YAML that would take long to read leaves a note: %s", (_what, body) => {
  const { text } = capture({ body, contentType: "application/yaml" })!;
  expect(text).toBe(
    "# The body is not kept: YAML of more than 32 KB or 2,000 lines and items is not searched for secrets.\n",
  );
});

test("keys that are objects take no time", () => {
  const keys = `${"? ".repeat(900)}a`;
  for (const body of [keys, `{${"? {".repeat(900)}`, `a:\n  ${keys}`])
    expect(capture({ body, contentType: "application/yaml" })!.text).toBe(
      "# The body is not kept: it is not valid YAML.\n",
    );
  const embedded = JSON.stringify({ kind: "ConfigMap", data: { a: `kind: Secret\n${keys}` } });
  expect(capture({ body: embedded })!.text).toContain("[redacted ");
});

test("an ordinary deployment in YAML is kept", () => {
  const container =
    "      - name: web\n        image: nginx:1.25\n        env:\n        - name: A\n          value: b\n";
  const body = `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n${container.repeat(100)}`;
  expect(capture({ body, contentType: "application/yaml" })!.text).toContain("image: nginx:1.25");
});

// A pattern that is not linear takes minutes for these; the test's own deadline ends it.
test.each([
  "-",
  "a.",
  "eyJ",
  "-----BEGIN PRIVATE KEY-----",
  "http://a:",
  "token",
  'token="',
  "'",
  " ",
  "\n",
  "password:",
  "- ",
  "--token ",
  "pass = ",
  "{token:",
  ", pass",
  "cookie:",
  "Cookie: a\n",
  "- Authorization",
])("a large text of %j is searched in time", (unit) => {
  const body = JSON.stringify({ kind: "ConfigMap", data: { text: unit.repeat(250_000 / unit.length) } });
  expect(Buffer.byteLength(capture({ body })!.text)).toBeLessThanOrEqual(4_096);
});
