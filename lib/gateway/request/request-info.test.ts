import { describe, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { isTrue, parseQuery } from "./query.ts";
import {
  isLongRunning,
  isMutation,
  isSession,
  type RequestInfo,
  resolveRequestInfo,
  resourceText,
} from "./request-info.ts";
import { parseRequestTarget } from "./request-target.ts";

function resolve(method: string, target: string): RequestInfo {
  const parsed = parseRequestTarget(`/k8s/clusters/c${target}`);
  if ("refused" in parsed) throw new Error(parsed.refused);
  return resolveRequestInfo({ method, segments: parsed.segments, query: parsed.query });
}

type Row = [
  method: string,
  target: string,
  verb: string,
  group: string,
  namespace: string,
  resource: string,
  name: string,
];

// The table of k8s.io/apiserver/pkg/endpoints/request/requestinfo_test.go, case by case in our own words, and what it leaves out.
const RESOURCE_REQUESTS: Row[] = [
  // collections and objects
  ["GET", "/api/v1/namespaces", "list", "", "", "namespaces", ""],
  ["GET", "/api/v1/namespaces/other", "get", "", "other", "namespaces", "other"],
  ["GET", "/api/v1/namespaces/other/pods", "list", "", "other", "pods", ""],
  ["GET", "/api/v1/namespaces/other/pods/foo", "get", "", "other", "pods", "foo"],
  ["HEAD", "/api/v1/namespaces/other/pods/foo", "get", "", "other", "pods", "foo"],
  ["GET", "/api/v1/pods", "list", "", "", "pods", ""],
  ["HEAD", "/api/v1/pods", "list", "", "", "pods", ""],
  ["POST", "/api/v1/pods", "create", "", "", "pods", ""],
  ["GET", "/api/v1/nodes/n1", "get", "", "", "nodes", "n1"],
  ["POST", "/api/v1/namespaces/other/pods", "create", "", "other", "pods", ""],
  ["POST", "/api/v1/namespaces", "create", "", "", "namespaces", ""],
  ["PUT", "/api/v1/namespaces/other/pods/foo", "update", "", "other", "pods", "foo"],
  ["PATCH", "/api/v1/namespaces/other/pods/foo", "patch", "", "other", "pods", "foo"],
  ["DELETE", "/api/v1/namespaces/other/pods/foo", "delete", "", "other", "pods", "foo"],
  ["DELETE", "/api/v1/namespaces/other/pods", "deletecollection", "", "other", "pods", ""],
  ["DELETE", "/api/v1/nodes", "deletecollection", "", "", "nodes", ""],
  // namespaces and their subresources
  ["PUT", "/api/v1/namespaces/other/finalize", "update", "", "other", "namespaces/finalize", "other"],
  ["PUT", "/api/v1/namespaces/other/status", "update", "", "other", "namespaces/status", "other"],
  ["GET", "/api/v1/namespaces/other/status", "get", "", "other", "namespaces/status", "other"],
  ["DELETE", "/api/v1/namespaces/other", "delete", "", "other", "namespaces", "other"],
  ["GET", "/api/v1/namespaces/other/finalizers", "list", "", "other", "finalizers", ""],
  // subresources
  ["GET", "/api/v1/namespaces/other/pods/foo/status", "get", "", "other", "pods/status", "foo"],
  ["GET", "/api/v1/namespaces/other/pods/foo/log", "get", "", "other", "pods/log", "foo"],
  ["POST", "/api/v1/namespaces/other/pods/foo/eviction", "create", "", "other", "pods/eviction", "foo"],
  [
    "PATCH",
    "/api/v1/namespaces/a/pods/b/ephemeralcontainers",
    "patch",
    "",
    "a",
    "pods/ephemeralcontainers",
    "b",
  ],
  ["GET", "/api/v1/nodes/n1/proxy/run/x", "get", "", "", "nodes/proxy", "n1"],
  ["POST", "/api/v1/namespaces/a/services/s:80/proxy/x/y", "create", "", "a", "services/proxy", "s:80"],
  ["POST", "/api/v1/namespaces/a/serviceaccounts/s/token", "create", "", "a", "serviceaccounts/token", "s"],
  // groups
  ["GET", "/apis/apps/v1/namespaces/other/deployments", "list", "apps", "other", "deployments", ""],
  [
    "GET",
    "/apis/apps/v1/namespaces/other/deployments/d/scale",
    "get",
    "apps",
    "other",
    "deployments/scale",
    "d",
  ],
  [
    "GET",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node",
    "get",
    "rbac.authorization.k8s.io",
    "",
    "clusterroles",
    "system:node",
  ],
  ["GET", "/apis/example.com/v1/namespaces", "list", "example.com", "", "namespaces", ""],
  // watch: by parameter, and by the legacy prefix
  ["GET", "/api/v1/pods?watch=true", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=1", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=yes", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?w%61tch=true", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=true&watch=false", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=false&watch=true", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=false", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=FALSE", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=0", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=true;x", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?watch=%zz", "list", "", "", "pods", ""],
  ["GET", "/api/v1/pods?Watch=true", "list", "", "", "pods", ""],
  ["GET", "/api/v1/namespaces/other/pods/foo?watch=true", "get", "", "other", "pods", "foo"],
  ["GET", "/api/v1/watch/pods", "watch", "", "", "pods", ""],
  ["GET", "/api/v1/watch/namespaces/other/pods", "watch", "", "other", "pods", ""],
  ["GET", "/api/v1/watch/namespaces/other/pods/foo", "watch", "", "other", "pods", "foo"],
  ["GET", "/apis/apps/v1/watch/namespaces/a/deployments", "watch", "apps", "a", "deployments", ""],
  // the legacy proxy prefix: no subresource, everything after the name is the proxied path
  ["GET", "/api/v1/proxy/nodes/n1/run/x", "proxy", "", "", "nodes", "n1"],
  ["GET", "/api/v1/proxy/namespaces/a/pods/p/exec", "proxy", "", "a", "pods", "p"],
  // one object by field selector
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dfoo", "list", "", "a", "pods", "foo"],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name==foo", "list", "", "a", "pods", "foo"],
  [
    "GET",
    "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dfoo&watch=true",
    "watch",
    "",
    "a",
    "pods",
    "foo",
  ],
  [
    "GET",
    "/api/v1/namespaces/a/pods?fieldSelector=status.phase%3DRunning,metadata.name%3Dfoo",
    "list",
    "",
    "a",
    "pods",
    "foo",
  ],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name!%3Dfoo", "list", "", "a", "pods", ""],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Da%2Fb", "list", "", "a", "pods", ""],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Da%5C,b", "list", "", "a", "pods", ""],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.namespace%3Dfoo", "list", "", "a", "pods", ""],
  [
    "DELETE",
    "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dfoo",
    "deletecollection",
    "",
    "a",
    "pods",
    "",
  ],
  // sessions are `create` whatever the method
  ["GET", "/api/v1/namespaces/a/pods/b/exec?command=sh", "create", "", "a", "pods/exec", "b"],
  ["POST", "/api/v1/namespaces/a/pods/b/exec", "create", "", "a", "pods/exec", "b"],
  ["GET", "/api/v1/namespaces/a/pods/b/attach", "create", "", "a", "pods/attach", "b"],
  ["GET", "/api/v1/namespaces/a/pods/b/portforward", "create", "", "a", "pods/portforward", "b"],
  ["GET", "/api/v1/watch/namespaces/a/pods/b/exec", "create", "", "a", "pods/exec", "b"],
  ["DELETE", "/api/v1/namespaces/a/pods/b/exec", "create", "", "a", "pods/exec", "b"],
  // methods that are no verb
  ["OPTIONS", "/api/v1/pods", "", "", "", "pods", ""],
];

describe("resolveRequestInfo", () => {
  test.each(RESOURCE_REQUESTS)("%s %s", (method, target, verb, apiGroup, namespace, resource, name) => {
    const info = resolve(method, target);
    expect({ ...info, resource: resourceText(info) }).toMatchObject({
      isResourceRequest: true,
      verb,
      apiGroup,
      namespace,
      resource,
      name,
    });
  });

  test.each([
    ["GET", "/", "get", "/"],
    ["GET", "/api", "get", "/api"],
    ["GET", "/api/", "get", "/api/"],
    ["GET", "/api/v1", "get", "/api/v1"],
    ["GET", "/apis", "get", "/apis"],
    ["GET", "/apis/apps", "get", "/apis/apps"],
    ["GET", "/apis/apps/v1", "get", "/apis/apps/v1"],
    ["GET", "/version", "get", "/version"],
    ["HEAD", "/healthz", "head", "/healthz"],
    ["POST", "/logs/x", "post", "/logs/x"],
    ["GET", "/openapi/v3/apis/apps/v1?hash=1", "get", "/openapi/v3/apis/apps/v1"],
    ["GET", "/apiv1/pods/x/y", "get", "/apiv1/pods/x/y"],
  ])("%s %s is no resource request", (method, target, verb, path) => {
    const info = resolve(method, target);
    expect(info).toMatchObject({ isResourceRequest: false, verb, path, resource: "", namespace: "" });
    expect(resourceText(info)).toBe(path);
  });

  test("prefix, version and parts", () => {
    expect(resolve("GET", "/apis/apps/v1/namespaces/a/deployments/d/scale")).toMatchObject({
      apiPrefix: "apis",
      apiVersion: "v1",
      parts: ["deployments", "d", "scale"],
    });
    expect(resolve("GET", "/api/v1/watch/pods")).toMatchObject({ apiPrefix: "api", verb: "watch" });
  });

  test("a legacy proxy path has no subresource", () => {
    expect(resolve("GET", "/api/v1/proxy/nodes/n/exec").subresource).toBe("");
  });
});

test("what a call is", () => {
  const kinds = (method: string, target: string) => {
    const info = resolve(method, target);
    const query = target.split("?")[1] ?? "";
    return { mutation: isMutation(info), session: isSession(info), longRunning: isLongRunning(info, query) };
  };
  const none = { mutation: false, session: false, longRunning: false };
  const log = "/api/v1/namespaces/a/pods/b/log";
  expect(kinds("GET", "/api/v1/pods")).toEqual(none);
  expect(kinds("GET", "/version")).toEqual(none);
  expect(kinds("GET", "/api/v1/pods?watch=1")).toEqual({ ...none, longRunning: true });
  expect(kinds("GET", `${log}?follow=true`)).toEqual({ ...none, longRunning: true });
  expect(kinds("GET", `${log}?follow=false`)).toEqual(none);
  expect(kinds("GET", log)).toEqual(none);
  expect(kinds("DELETE", "/api/v1/pods")).toEqual({ ...none, mutation: true });
  expect(kinds("POST", "/logs/x")).toEqual({ ...none, mutation: true });
  expect(kinds("GET", "/api/v1/namespaces/a/pods/b/exec")).toEqual({
    ...none,
    mutation: true,
    session: true,
  });
});

test("whatever a query says, a collection is a watch where its query has a true parameter of that name", () => {
  const piece = fc.constantFrom(
    "watch",
    "%77atch",
    "w%61tch",
    "=",
    "&",
    "?",
    "+",
    ";",
    "true",
    "1",
    "0",
    "false",
    "a",
    "%",
    "limit=5",
  );
  const segments = ["api", "v1", "pods"];
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const query = `?${pieces.join("")}`;
      const expected = isTrue(parseQuery(query), "watch") ? "watch" : "list";
      expect(resolveRequestInfo({ method: "GET", segments, query }).verb).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("whatever a query says, the name of a collection is the one that its field selector requires", () => {
  const piece = fc.constantFrom(
    "fieldSelector",
    "field%53elector",
    "=",
    "%3D",
    "&",
    "metadata.name",
    "x",
    ",",
    "%2C",
    "limit=5",
  );
  const segments = ["api", "v1", "pods"];
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const query = `?${pieces.join("")}`;
      const value = parseQuery(query).get("fieldSelector")?.[0] ?? "";
      const named = value.split(",").find((term) => /^metadata\.name==?[^=!]*$/.test(term));
      const name = named?.replace(/^metadata\.name==?/, "") ?? "";
      expect([query, resolveRequestInfo({ method: "GET", segments, query }).name]).toEqual([query, name]);
    }),
    { numRuns: 2_000 },
  );
});
