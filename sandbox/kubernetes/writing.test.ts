import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.close());

const configMaps = "/api/v1/namespaces/default/configmaps";

async function send(method: string, target: string, body: unknown, type = "application/json") {
  const init = { method, headers: { "content-type": type }, body: JSON.stringify(body) };
  const response = await cluster.fetch(target, init);
  const answer = (await response.json()) as Record<string, unknown> & { message: string };
  return { code: response.status, answer, warning: response.headers.get("warning") };
}

function configMap(name: string, data: Record<string, string>, metadata: object = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

test("an update with a stale resource version is 409", async () => {
  const made = await send("POST", configMaps, configMap("locked", { a: "1" }));
  const stale = (made.answer.metadata as { resourceVersion: string }).resourceVersion;
  await send("PUT", `${configMaps}/locked`, configMap("locked", { a: "2" }));
  const refused = await send(
    "PUT",
    `${configMaps}/locked`,
    configMap("locked", { a: "3" }, { resourceVersion: stale }),
  );
  expect(refused.code).toBe(409);
  expect(refused.answer.message).toBe(
    'Operation cannot be fulfilled on configmaps "locked": the object has been modified; please apply your changes to the latest version and try again',
  );
});

test("an update that changes nothing writes nothing", async () => {
  const made = await send("POST", configMaps, configMap("same", { a: "1" }));
  const again = await send("PUT", `${configMaps}/same`, configMap("same", { a: "1" }));
  expect(again.answer.metadata).toEqual(made.answer.metadata);
});

test("a dry run answers and stores nothing", async () => {
  const made = await send("POST", `${configMaps}?dryRun=All`, configMap("dry", { a: "1" }));
  expect(made.code).toBe(201);
  expect((await cluster.fetch(`${configMaps}/dry`)).status).toBe(404);
});

test("generateName gives a name of its own", async () => {
  const { generateName: _none, ...body } = {
    ...configMap("", {}),
    metadata: { generateName: "made-" },
    generateName: "",
  };
  const made = await send("POST", configMaps, body);
  expect((made.answer.metadata as { name: string }).name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test("unknown fields warn, are refused, or pass, as fieldValidation says", async () => {
  const body = { ...configMap("strict", {}), dtaa: {} };
  const refused = await send("POST", `${configMaps}?fieldValidation=Strict`, body);
  expect(refused.code).toBe(400);
  expect(refused.answer.message).toContain('strict decoding error: unknown field "dtaa"');
  const warned = await send("POST", configMaps, body);
  expect(warned.code).toBe(201);
  expect(warned.warning).toBe('299 - "unknown field \\"dtaa\\""');
});

test("each patch type", async () => {
  const pods = { name: "web", namespace: "default" };
  const container = { name: "one", image: "nginx:1", ports: [{ containerPort: 80 }] };
  const template = { metadata: { labels: { app: "p" } }, spec: { containers: [container] } };
  const spec = { selector: { matchLabels: { app: "p" } }, template };
  const target = "/apis/apps/v1/namespaces/default/deployments";
  await send("POST", target, { apiVersion: "apps/v1", kind: "Deployment", metadata: pods, spec });
  const added = { spec: { template: { spec: { containers: [{ name: "two", image: "busybox:1" }] } } } };
  const strategic = await send("PATCH", `${target}/web`, added, "application/strategic-merge-patch+json");
  expect(JSON.stringify(strategic.answer)).toMatch(/"name":"one"[\s\S]*"name":"two"/);
  const merged = await send(
    "PATCH",
    `${target}/web`,
    { spec: { replicas: 3 } },
    "application/merge-patch+json",
  );
  expect((merged.answer.spec as { replicas: number }).replicas).toBe(3);
  const operations = [
    { op: "test", path: "/spec/replicas", value: 3 },
    { op: "remove", path: "/spec/template/spec/containers/1" },
  ];
  const json = await send("PATCH", `${target}/web`, operations, "application/json-patch+json");
  expect(JSON.stringify(json.answer.spec)).not.toContain('"name":"two"');
  const failed = await send("PATCH", `${target}/web`, operations, "application/json-patch+json");
  expect(failed.code).toBe(422);
  const unknown = await send("PATCH", `${target}/web`, {}, "application/json");
  expect(unknown.code).toBe(415);
});

test("custom resources take no strategic patch", async () => {
  const target = "/apis/cert-manager.io/v1/namespaces/payments/certificates/payments-api-tls";
  const refused = await send("PATCH", target, {}, "application/strategic-merge-patch+json");
  expect(refused.code).toBe(415);
});

test("server-side apply tells owners apart", async () => {
  const spec = (replicas: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "owned", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "owned" } },
      template: {
        metadata: { labels: { app: "owned" } },
        spec: { containers: [{ name: "c", image: "nginx:1" }] },
      },
    },
  });
  const apply = (replicas: number, manager: string, ...flags: string[]) =>
    cluster.apply(spec(replicas), ["--server-side", `--field-manager=${manager}`, ...flags]);
  expect((await apply(1, "first")).code).toBe(0);
  expect((await apply(1, "second")).code).toBe(0);
  const conflict = await apply(2, "second");
  expect(conflict.stderr).toContain(
    'Apply failed with 1 conflict: conflict with "first" using apps/v1: .spec.replicas',
  );
  expect((await apply(2, "second", "--force-conflicts")).code).toBe(0);
  expect(await cluster.run(["get", "deploy", "owned", "-o", "jsonpath={.spec.replicas}"])).toBe("2");
  const same = await cluster.run(["get", "deploy", "owned", "-o", "json", "--show-managed-fields"]);
  const managers = JSON.parse(same).metadata.managedFields as {
    manager: string;
    fieldsV1: { "f:spec"?: object };
  }[];
  const first = managers.find(({ manager }) => manager === "first");
  expect(first?.fieldsV1["f:spec"]).not.toHaveProperty("f:replicas");
});

test("a field given up by its only owner goes away", async () => {
  const apply = (data: Record<string, string>) =>
    cluster.apply(configMap("given-up", data), ["--server-side"]);
  await apply({ kept: "1", dropped: "2" });
  await apply({ kept: "1" });
  expect(await cluster.run(["get", "cm", "given-up", "-o", "jsonpath={.data}"])).toBe('{"kept":"1"}');
});

test("an object with finalizers waits for them", async () => {
  await send("POST", configMaps, configMap("held", {}, { finalizers: ["acme.example/hold"] }));
  const deleting = await send("DELETE", `${configMaps}/held`, {});
  expect(deleting.answer.kind).toBe("ConfigMap");
  expect((await cluster.fetch(`${configMaps}/held`)).status).toBe(200);
  await send(
    "PATCH",
    `${configMaps}/held`,
    { metadata: { finalizers: null } },
    "application/merge-patch+json",
  );
  expect((await cluster.fetch(`${configMaps}/held`)).status).toBe(404);
});

test("a delete honours its preconditions", async () => {
  await send("POST", configMaps, configMap("guarded", {}));
  const refused = await send("DELETE", `${configMaps}/guarded`, { preconditions: { uid: "another" } });
  expect(refused.code).toBe(409);
  expect(refused.answer.message).toContain("Precondition failed: UID in precondition: another");
});

test("a collection is deleted by its selector", async () => {
  for (const name of ["c1", "c2"])
    await send("POST", configMaps, configMap(name, {}, { labels: { batch: "x" } }));
  await send("POST", configMaps, configMap("c3", {}));
  await send("DELETE", `${configMaps}?labelSelector=batch%3Dx`, {});
  const names = await cluster.run(["get", "cm", "-o", "name"]);
  expect(names).not.toMatch(/c1|c2/);
  expect(names).toContain("c3");
});

test.each([
  ["background", 0],
  ["orphan", 1],
])("deleting an owner with --cascade=%s leaves %i of its replica sets", async (cascade, left) => {
  const name = `cascade-${cascade}`;
  await cluster.run(["create", "deployment", name, "--image=nginx"]);
  const sets = () => cluster.run(["get", "rs", "-l", `app=${name}`, "-o", "name"]);
  await eventually(async () => (await sets()) !== "", "a replica set");
  await cluster.run(["delete", "deployment", name, `--cascade=${cascade}`]);
  await eventually(async () => (await sets()).split("\n").filter(Boolean).length === left, "the dependents");
});

test("wrong objects are 422 with their fields", async () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x" },
    spec: { containers: [{ name: "a" }] },
  };
  const refused = await send("POST", "/api/v1/namespaces/default/pods", pod);
  expect(refused.code).toBe(422);
  expect(refused.answer.message).toBe('Pod "x" is invalid: spec.containers[0].image: Required value');
  expect((refused.answer.details as { causes: unknown }).causes).toEqual([
    { reason: "FieldValueRequired", message: "Required value", field: "spec.containers[0].image" },
  ]);
});

test("a new custom resource is served as soon as its definition is there", async () => {
  const names = { kind: "Parcel", plural: "parcels", singular: "parcel" };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } };
  const versions = [{ name: "v1", served: true, storage: true, schema }];
  const definition = { group: "shipping.example", scope: "Namespaced", names, versions };
  const metadata = { name: "parcels.shipping.example" };
  await cluster.apply({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata,
    spec: definition,
  });
  const parcel = {
    apiVersion: "shipping.example/v1",
    kind: "Parcel",
    metadata: { name: "p1", namespace: "default" },
    spec: { weight: 3 },
  };
  expect((await cluster.apply(parcel)).stdout).toContain("parcel.shipping.example/p1 created");
  expect(await cluster.run(["get", "parcels", "-o", "name"])).toBe("parcel.shipping.example/p1\n");
  await cluster.run(["delete", "crd", "parcels.shipping.example"]);
  expect((await cluster.fetch("/apis/shipping.example/v1/namespaces/default/parcels")).status).toBe(404);
});

test("edit goes through", async () => {
  await send("POST", configMaps, configMap("edited", { colour: "green" }));
  const edited = await cluster.kubectl(["edit", "cm", "edited"], { editor: "sed -i s/green/blue/" });
  expect(edited.stdout).toContain("configmap/edited edited");
  expect(await cluster.run(["get", "cm", "edited", "-o", "jsonpath={.data.colour}"])).toBe("blue");
});
