import { expect, test } from "vitest";
import { type CommandCall, composeCommand } from "./compose-command.ts";

const call = (
  verb: string,
  resource: string,
  resourceName: string | null = null,
  namespace: string | null = null,
): CommandCall => ({
  verb,
  resource,
  resourceName,
  namespace,
});

test.each<[string, string | null, CommandCall[]]>([
  ["kubectl get pods -n payments", "kubectl get", [call("list", "pods", null, "payments")]],
  ["kubectl get nodes", "kubectl get", [call("list", "nodes"), call("watch", "nodes")]],
  ["kubectl get pods/web-1 -n shop", "kubectl get", [call("get", "pods", "web-1", "shop")]],
  [
    "kubectl exec pods/postgres-0 -n payments",
    "kubectl exec",
    [call("get", "pods", "postgres-0", "payments"), call("create", "pods/exec", "postgres-0", "payments")],
  ],
  [
    "kubectl delete configmaps/a -n shop",
    "kubectl delete",
    [call("delete", "configmaps", "a", "shop"), call("list", "configmaps", null, "shop")],
  ],
  [
    "kubectl apply services/a, deployments/a -n shop",
    "kubectl apply",
    [
      call("get", "services", "a", "shop"),
      call("create", "services", "a", "shop"),
      call("patch", "deployments", "a", "shop"),
    ],
  ],
  [
    "kubectl get pods -n a, pods -n b",
    "kubectl get",
    [call("list", "pods", null, "a"), call("list", "pods", null, "b")],
  ],
  [
    "kubectl apply pods/a, pods/b, pods/c, and 2 more -n x",
    "kubectl apply",
    ["a", "b", "c", "d", "e"].map((name) => call("create", "pods", name, "x")),
  ],
  ["list pods", null, [call("list", "pods")]],
  [
    "kubectl create configmap a -n shop",
    "kubectl create configmap",
    [call("create", "configmaps", "a", "shop")],
  ],
  [
    "kubectl create secret generic a -n shop",
    "kubectl create secret generic",
    [call("create", "secrets", "a", "shop")],
  ],
  [
    "kubectl describe pods/web-1 -n shop",
    "kubectl describe",
    [call("get", "pods", "web-1", "shop"), call("list", "events", null, "shop")],
  ],
  [
    "kubectl apply configmaps/a -n shop",
    "kubectl apply",
    [
      call("get", "configmaps", "a", "shop"),
      call("get", "namespaces", "shop", "shop"),
      call("create", "configmaps", "a", "shop"),
    ],
  ],
  [
    "kubectl delete configmaps/a -n shop, namespaces/shop",
    "kubectl delete",
    [call("delete", "configmaps", "a", "shop"), call("delete", "namespaces", "shop", "shop")],
  ],
  ["kubectl get namespaces/shop", "kubectl get", [call("get", "namespaces", "shop", "shop")]],
  ["kubectl get events -n shop", "kubectl get", [call("list", "events", null, "shop")]],
])("%s", (expected, claim, calls) => {
  expect(composeCommand(claim, calls)).toBe(expected);
});

test.each<[string, CommandCall]>([
  ["kubectl get pods", call("list", "pods", null, "shop")],
  ["kubectl describe pod web-1", call("get", "pods", "web-1", "shop")],
  ["kubectl apply -f web.yaml", call("patch", "deployments", "web", "shop")],
])("%s has its arguments, and nothing is added", (claim, made) => {
  expect(composeCommand(claim, [made])).toBeNull();
});

test("a question about access is not what a command was for", () => {
  expect(composeCommand("kubectl auth can-i", [call("create", "selfsubjectaccessreviews")])).toBeNull();
});

test("where nothing was for a resource, nothing is composed", () => {
  expect(composeCommand("kubectl version", [])).toBeNull();
});
