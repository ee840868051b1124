import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import fc from "../../../test/properties.ts";
import { encodeKubernetesProtobuf } from "../../wire/testing/encode-kubernetes-protobuf.ts";
import { createBodyCapture } from "./body-capture.ts";

// A secret is planted in every shape that a Secret travels in; it must not be in what is kept, in no encoding of it.

const planted = fc.stringMatching(/^[A-Za-z0-9]{18,48}$/);
const filler = fc.record({
  labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ maxLength: 20 }), { maxKeys: 4 }),
  text: fc.string({ maxLength: 200 }),
});

interface Plan {
  secret: string;
  base64: string;
  filler: { labels: Record<string, string>; text: string };
  field: "data" | "stringData" | "Data";
  kindLast: boolean;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function secretObject(plan: Plan): Record<string, unknown> {
  const value = plan.field === "stringData" ? plan.secret : plan.base64;
  const head = { kind: "Secret", apiVersion: "v1" };
  const rest = {
    metadata: { name: "s", labels: plan.filler.labels },
    [plan.field]: { "tls.key": value, other: "x" },
  };
  return plan.kindLast ? { ...rest, ...head } : { ...head, ...rest };
}

const annotated = (object: unknown, kind: string) => ({
  apiVersion: "v1",
  kind,
  metadata: {
    name: "x",
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) },
  },
});

const list = (items: unknown[]) => ({ apiVersion: "v1", kind: "List", items });

/** A body, and the resource that its path names. */
const shapes: Record<string, (plan: Plan) => { body: unknown; resource: string }> = {
  secret: (plan) => ({ body: secretObject(plan), resource: "secrets" }),
  "without kind": (plan) => ({
    body: { ...secretObject(plan), kind: undefined },
    resource: "secrets",
  }),
  "wrong kind": (plan) => ({ body: { ...secretObject(plan), kind: "ConfigMap" }, resource: "secrets" }),
  "sent elsewhere": (plan) => ({ body: secretObject(plan), resource: "configmaps" }),
  "last applied": (plan) => ({ body: annotated(secretObject(plan), "Secret"), resource: "secrets" }),
  "last applied, other kind": (plan) => ({
    body: annotated(list([secretObject(plan)]), "ConfigMap"),
    resource: "configmaps",
  }),
  list: (plan) => ({ body: list([{ kind: "ConfigMap" }, secretObject(plan)]), resource: "widgets" }),
  "secret list": (plan) => ({
    body: { kind: "SecretList", items: [{ data: { a: plan.base64 } }] },
    resource: "widgets",
  }),
  "nested in a custom resource": (plan) => ({
    body: { kind: "Bundle", spec: { objects: [{ manifest: secretObject(plan) }] } },
    resource: "bundles",
  }),
  "manifest in a config map": (plan) => ({
    body: {
      kind: "ConfigMap",
      data: { "s.yaml": `# ${plan.filler.text}\n${stringify(secretObject(plan))}` },
    },
    resource: "configmaps",
  }),
  "manifests in a config map": (plan) => ({
    body: {
      kind: "ConfigMap",
      data: { m: `kind: ConfigMap\n---\n${stringify(secretObject(plan))}---\nkind: Pod\n` },
    },
    resource: "configmaps",
  }),
  "merge patch": (plan) => ({ body: { data: { password: plan.base64, gone: null } }, resource: "secrets" }),
  "scalar data": (plan) => ({ body: { kind: "Secret", data: plan.base64 }, resource: "secrets" }),
  "array data": (plan) => ({
    body: { kind: "Secret", stringData: [{ deep: [plan.secret] }] },
    resource: "secrets",
  }),
  "stray field": (plan) => ({
    body: { kind: "Secret", datum: { p: plan.secret } },
    resource: "secrets",
  }),
  kubeconfig: (plan) => ({
    body: {
      kind: "Config",
      users: [
        { name: "a", user: { token: plan.secret, password: plan.secret, "client-key-data": plan.base64 } },
      ],
    },
    resource: "widgets",
  }),
  "kubeconfig as text": (plan) => {
    const user = { "client-key-data": plan.base64, token: plan.secret, password: plan.secret };
    return {
      body: { kind: "ConfigMap", data: { config: stringify({ users: [{ name: "a", user }] }) } },
      resource: "configmaps",
    };
  },
  "token request": (plan) => ({
    body: { kind: "TokenRequest", status: { token: plan.secret } },
    resource: "serviceaccounts/token",
  }),
  "token review": (plan) => ({
    body: { kind: "TokenReview", spec: { token: plan.secret } },
    resource: "tokenreviews",
  }),
  "environment of a pod": (plan) => ({
    body: { kind: "Pod", spec: { containers: [{ env: [{ name: "DB_PASSWORD", value: plan.secret }] }] } },
    resource: "pods",
  }),
  "headers of a probe": (plan) => ({
    body: { kind: "Pod", httpGet: { httpHeaders: [{ name: "Authorization", value: plan.secret }] } },
    resource: "pods",
  }),
};

const plans = fc.record({
  secret: planted,
  filler,
  field: fc.constantFrom("data" as const, "stringData" as const, "Data" as const),
  kindLast: fc.boolean(),
  shape: fc.constantFrom(...Object.keys(shapes)),
  chunk: fc.integer({ min: 1, max: 400 }),
});

function capture(
  bytes: Buffer,
  contentType: string,
  contentEncoding: string | null,
  resource: string,
  chunk = 64,
) {
  const body = createBodyCapture({ contentType, contentEncoding, requestInfo: { resource } });
  for (let at = 0; at < bytes.length; at += chunk) body.write(bytes.subarray(at, at + chunk));
  return body.finish();
}

function expectHidden(text: string, secret: string) {
  for (const form of [
    secret,
    base64(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("hex"),
  ]) {
    expect(text).not.toContain(form.slice(0, 12));
  }
}

const encodings = [
  { contentType: "application/json", write: (body: unknown) => JSON.stringify(body) },
  { contentType: "application/json; charset=utf-8", write: (body: unknown) => JSON.stringify(body, null, 2) },
  { contentType: "application/strategic-merge-patch+json", write: (body: unknown) => JSON.stringify(body) },
  { contentType: "application/merge-patch+json", write: (body: unknown) => JSON.stringify(body) },
  { contentType: "application/apply-patch+yaml", write: (body: unknown) => JSON.stringify(body) },
  { contentType: "application/apply-patch+yaml", write: (body: unknown) => stringify(body) },
  { contentType: "application/yaml", write: (body: unknown) => `---\n${stringify(body)}---\n{}\n` },
];

test("a planted secret is never kept, whatever the shape, the encoding and the chunks", () => {
  fc.assert(
    fc.property(plans, fc.constantFrom(...encodings), fc.boolean(), (plan, encoding, gzip) => {
      const { body, resource } = shapes[plan.shape]!({ ...plan, base64: base64(plan.secret) });
      const sent = Buffer.from(encoding.write(body));
      const bytes = gzip ? gzipSync(sent) : sent;
      const kept = capture(bytes, encoding.contentType, gzip ? "gzip" : null, resource, plan.chunk)!;
      expect(kept.bytes).toBe(bytes.length);
      expect(Buffer.byteLength(kept.text)).toBeLessThanOrEqual(4096);
      expectHidden(kept.text, plan.secret);
    }),
    { numRuns: 1_500 },
  );
});

test("nor where the body is cut anywhere, as when a client leaves", () => {
  fc.assert(
    fc.property(
      plans,
      fc.constantFrom(...encodings),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (plan, encoding, share) => {
        const { body, resource } = shapes[plan.shape]!({ ...plan, base64: base64(plan.secret) });
        const sent = Buffer.from(encoding.write(body));
        const bytes = sent.subarray(0, Math.max(1, Math.floor(sent.length * share)));
        expectHidden(capture(bytes, encoding.contentType, null, resource)!.text, plan.secret);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("nor where the body is larger than what is searched", () => {
  fc.assert(
    fc.property(
      plans,
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: 200_000, max: 300_000 }),
      (plan, where, size) => {
        const { body, resource } = shapes[plan.shape]!({ ...plan, base64: base64(plan.secret) });
        const bulk = "abc \n".repeat(size / 5);
        const around: unknown[] = [
          list([body, { kind: "ConfigMap", data: { bulk } }]),
          list([{ kind: "ConfigMap", data: { bulk } }, body]),
          { ...(body as object), zbulk: bulk },
        ];
        const path = where === 2 ? resource : "widgets";
        const kept = capture(
          Buffer.from(JSON.stringify(around[where])),
          "application/json",
          null,
          path,
          65_536,
        )!;
        // In a list, nothing tells what only the path of a single object would tell.
        const pathTells = ["without kind", "wrong kind", "merge patch"].includes(plan.shape);
        if (where === 2 || !pathTells) expectHidden(kept.text, plan.secret);
      },
    ),
    { numRuns: 300 },
  );
});

/** The shapes whose kind is built in, and whose values protobuf can hold. */
const inProtobuf = ["secret", "last applied", "last applied, other kind", "manifest in a config map"]
  .concat(["manifests in a config map", "kubeconfig as text", "environment of a pod", "token review"])
  .concat(["list", "nested in a list"]);

function protobufBody(plan: Plan & { shape: string }): { body: Buffer; resource: string } {
  const { body, resource } = shapes[plan.shape === "nested in a list" ? "secret" : plan.shape]!(plan);
  const object = body as { kind: string; apiVersion?: string; data?: unknown; Data?: unknown };
  const apiVersion = object.kind === "TokenReview" ? "authentication.k8s.io/v1" : "v1";
  const whole = { ...object, apiVersion, data: undefined, Data: undefined, ...dataOf(object) };
  const list = { kind: "List", apiVersion: "v1", items: [whole] };
  return { body: encodeKubernetesProtobuf(plan.shape === "nested in a list" ? list : whole), resource };
}

/** Protobuf has no field `Data`. */
const dataOf = (object: { data?: unknown; Data?: unknown }) => {
  const data = object.data ?? object.Data;
  return data === undefined ? {} : { data };
};

test("nor in protobuf, whole or cut anywhere", () => {
  fc.assert(
    fc.property(
      plans,
      fc.constantFrom(...inProtobuf),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (plan, shape, share, gzip) => {
        const { body, resource } = protobufBody({ ...plan, base64: base64(plan.secret), shape } as Plan & {
          shape: string;
        });
        const cut = body.subarray(0, Math.max(1, Math.ceil(body.length * share)));
        for (const sent of [body, cut]) {
          const bytes = gzip ? gzipSync(sent) : sent;
          const contentType = "application/vnd.kubernetes.protobuf";
          expectHidden(
            capture(bytes, contentType, gzip ? "gzip" : null, resource, plan.chunk)!.text,
            plan.secret,
          );
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

const operations = fc.constantFrom("add", "replace", "test");
const pointers = fc.constantFrom(
  "/data/password",
  "/data",
  "/stringData/password",
  "/stringData",
  "",
  "/",
  "/Data/x",
  "/d~0ata",
  "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
  "/metadata/annotations",
  "/metadata",
);

test("nor in a JSON patch", () => {
  fc.assert(
    fc.property(plans, operations, pointers, fc.boolean(), (plan, op, path, objects) => {
      const whole = secretObject({ ...plan, base64: base64(plan.secret) });
      const annotation = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(whole) };
      const text = path.endsWith("configuration") ? JSON.stringify(whole) : plan.secret;
      const held = path === "/metadata" ? { annotations: annotation } : annotation;
      const leaf =
        path.startsWith("/metadata") && path !== "" && !path.endsWith("configuration") ? held : text;
      const value = objects && path === "" ? whole : leaf;
      const patch = [
        { op: "test", path: "/metadata/name", value: "s" },
        { op, path, value },
      ];
      const kept = capture(
        Buffer.from(JSON.stringify(patch)),
        "application/json-patch+json",
        null,
        "secrets",
        plan.chunk,
      )!;
      expectHidden(kept.text, plan.secret);
    }),
    { numRuns: 500 },
  );
});
