import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { exchange } from "./testing/raw-client.ts";
import { ALICE_TOKEN, deny, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";

/** One request, and what kube-apiserver 1.36.2 wrote of it in its own audit log; null where it could not resolve it. */
interface Captured {
  method: string;
  target: string;
  audit: {
    verb: string;
    objectRef: Partial<Record<"resource" | "subresource" | "namespace" | "name" | "apiGroup", string>> | null;
  } | null;
}

const captured = readFileSync(
  new URL("./testing/fixtures/request-info-server1.36.jsonl", import.meta.url),
  "utf8",
)
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Captured);

let api: ApiServer;
let gateway: TestGateway;
beforeAll(async () => {
  api = await startApiServer();
  gateway = await startTestGateway();
  gateway.addCluster("prod", api.upstream);
  gateway.decide = deny("asked and refused");
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const DOTS = "the path has a dot segment; send one unambiguous path";
const EMPTY = "the path has an empty segment (//); send one unambiguous path";
const ESCAPE = "the path has a percent-encoding that can be read in two ways; send one unambiguous path";
const SLASH = "the path has a trailing slash; send one unambiguous path";
const ENDS = "the path ends where a resource must follow";
const LEGACY = "the /proxy/ path prefix is not taken; use the proxy subresource";

/** What is refused whoever asks, by target; whatever is not here is taken. */
const REFUSED_TARGETS: ReadonlyMap<string, string> = new Map([
  ["/api/v1/namespaces/a/services/http:s:web/proxy/a/../b", DOTS],
  ["/api/v1/./pods", DOTS],
  ["/api/v1/../v1/pods", DOTS],
  ["/apis/apps/v1//deployments", EMPTY],
  ["//api/v1/pods", EMPTY],
  ["/api//v1/pods", EMPTY],
  ["/api/v1/namespaces//pods", EMPTY],
  ["/api/v1/%70ods", ESCAPE],
  ["/api/v1/namespaces/a%2Fb/pods", ESCAPE],
  ["/api/v1/namespaces/%61/pods/x", ESCAPE],
  ["/api/v1/namespaces/a/pods/x%2Fexec", ESCAPE],
  ["/apis/apps/v1/deployments/", SLASH],
  ["/api/v1/namespaces/a/pods/x/exec/", SLASH],
  ["/api/v1/watch", ENDS],
  ["/api/v1/proxy", ENDS],
  ["/api/v1/proxy/namespaces/a/pods/x", LEGACY],
  ["/api/v1/proxy/nodes/n1/a", LEGACY],
]);
/** The same by method. */
const REFUSED_METHODS: ReadonlyMap<string, string> = new Map([
  ["OPTIONS", "the method OPTIONS is not taken on a resource"],
  ["PROPFIND", "the method PROPFIND is not taken on a resource"],
  ["TRACE", "the method TRACE is not taken"],
  ["CONNECT", "the method CONNECT is not taken"],
  ...["get", "Get", "LIST", "WATCH"].map(
    (method) => [method, "the request is not valid HTTP/1.1 (HPE_INVALID_METHOD)"] as const,
  ),
]);

test("there are as many requests as were captured", () => {
  expect(captured).toHaveLength(326);
});

test.each(captured)("$method $target", async (request) => {
  gateway.recorder.clear();
  const answer = await ask(request);
  const [row, ...others] = gateway.recorder.entries;
  expect(others).toEqual([]);
  const refused = REFUSED_METHODS.get(request.method) ?? REFUSED_TARGETS.get(request.target);
  if (refused !== undefined) {
    expect(row?.message).toBe(refused);
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|03|05) /);
    return;
  }
  expect(row?.message).toBe("asked and refused");
  const { verb, apiGroup, resource, namespace, resourceName } = row!;
  expect({ verb, apiGroup, resource, namespace, resourceName }).toEqual(asRecorded(request));
});

function ask({ method, target }: Captured): Promise<string> {
  const head = [
    ...[`${method} /k8s/clusters/prod${target} HTTP/1.1`, "Host: gateway", "Connection: close"],
    ...[`Authorization: Bearer ${ALICE_TOKEN}`, "\r\n"],
  ];
  return exchange(gateway.port, head.join("\r\n"));
}

/** What kube-apiserver resolved, in the record's words. A session is `create` by whatever method it comes (kubernetes#78741). */
function asRecorded({ target, audit }: Captured) {
  if (audit === null) throw new Error("kube-apiserver could not resolve it");
  const { objectRef, verb } = audit;
  if (objectRef === null) {
    const [path] = target.split("?");
    return { verb, apiGroup: null, resource: path, namespace: null, resourceName: null };
  }
  const { resource = "", subresource, apiGroup = "", namespace = null, name = null } = objectRef;
  const isSession = resource === "pods" && ["exec", "attach", "portforward"].includes(subresource ?? "");
  return {
    verb: isSession ? "create" : verb,
    apiGroup,
    namespace,
    resourceName: name,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
  };
}
