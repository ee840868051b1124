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
])("%s", (expected, claim, calls) => {
  expect(composeCommand(claim, calls)).toBe(expected);
});

test("where nothing was for a resource, nothing is composed", () => {
  expect(composeCommand("kubectl version", [])).toBeNull();
});
