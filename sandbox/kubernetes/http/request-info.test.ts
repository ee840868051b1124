import { expect, test } from "vitest";
import { resolveRequestInfo } from "./request-info.ts";

test.each([
  ["GET", "/api/v1/pods", "list pods  "],
  ["GET", "/api/v1/namespaces/a/pods?watch=true", "watch pods a "],
  ["GET", "/api/v1/watch/namespaces/a/pods/p", "watch pods a p"],
  ["DELETE", "/api/v1/namespaces/a/pods", "deletecollection pods a "],
  ["GET", "/api/v1/namespaces/a", "get namespaces a a"],
  ["PUT", "/api/v1/namespaces/a/finalize", "update namespaces/finalize a a"],
  ["POST", "/api/v1/namespaces/a/pods/p/exec", "create pods/exec a p"],
  ["PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", "patch deployments/scale a d"],
  ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dp", "list pods a p"],
])("%s %s", (method, target, expected) => {
  const [path = "", query] = target.split("?");
  const info = resolveRequestInfo(method, path, new URLSearchParams(query));
  const resource = info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
  expect(`${info.verb} ${resource} ${info.namespace} ${info.name}`).toBe(expected);
});

test.each(["/api", "/apis/apps", "/apis/apps/v1", "/version", "/openapi/v2"])("%s is no resource", (path) => {
  expect(resolveRequestInfo("GET", path, new URLSearchParams()).isResourceRequest).toBe(false);
});
