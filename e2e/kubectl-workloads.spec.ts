import { minorOf } from "../scripts/kubectl-binaries.ts";
import { CLUSTER } from "./support/cluster.ts";
import { deletedLines, kubectlVersions } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { startAndEnd } from "./support/recorded-call.ts";
import { expect, test } from "./support/test.ts";
import { checkVerb, type VerbCase } from "./support/verb-cases.ts";

const NAMESPACE = ["-n", CLUSTER.namespace];
/** From 1.35 on, a watch brings what there is already (client-go's WatchListClient). */
const LISTS_FIRST = minorOf((await kubectlVersions()).at(-1)!) < 35;

test.describe
  .serial("a deployment", () => {
    const name = ownName("web");
    const apps = { apiGroup: "apps" };
    const found = { ...apps, verb: "get", resource: "deployments", resourceName: name };
    const patch = (resource: string) => ({ ...found, verb: "patch", resource, bytesIn: expect.any(Number) });
    const list = { ...apps, verb: "list", resource: "replicasets" };
    const watched = { ...found, verb: "watch" };
    const scaled = '{"spec":{"replicas":2}}';
    const cases: VerbCase[] = [
      {
        does: "is created",
        args: [...NAMESPACE, "create", "deployment", name, "--image=nginx:1.27"],
        stdout: `deployment.apps/${name} created\n`,
        command: "kubectl create deployment",
        calls: [{ ...found, verb: "create", httpStatus: 201, bytesIn: expect.any(Number) }],
      },
      {
        does: "rolls out (rollout status watches it)",
        args: [...NAMESPACE, "rollout", "status", `deployment/${name}`, "--timeout=30s"],
        stdout: /successfully rolled out\n$/,
        command: "kubectl rollout status",
        calls: [
          found,
          ...(LISTS_FIRST ? [{ ...found, verb: "list" }] : []),
          ...startAndEnd(
            watched,
            { message: "Watch started" },
            { message: "Watch ended", bytesOut: expect.any(Number) },
          ),
        ],
      },
      {
        does: "is scaled",
        args: [...NAMESPACE, "scale", `deployment/${name}`, "--replicas=2"],
        stdout: `deployment.apps/${name} scaled\n`,
        command: "kubectl scale",
        calls: [found, patch("deployments/scale")],
        body: { yaml: "spec:\n  replicas: 2\n", sent: scaled },
      },
      {
        does: "gets a new image",
        args: [...NAMESPACE, "set", "image", `deployment/${name}`, "nginx=nginx:1.28"],
        stdout: `deployment.apps/${name} image updated\n`,
        command: "kubectl set image",
        calls: [found, patch("deployments")],
      },
      {
        does: "has a history",
        args: [...NAMESPACE, "rollout", "history", `deployment/${name}`],
        stdout: /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n/,
        command: "kubectl rollout history",
        calls: [found, found, list],
      },
      {
        does: "goes back",
        args: [...NAMESPACE, "rollout", "undo", `deployment/${name}`],
        stdout: `deployment.apps/${name} rolled back\n`,
        command: "kubectl rollout undo",
        calls: [found, found, list, patch("deployments")],
      },
      {
        does: "has the first image again",
        args: [...NAMESPACE, "get", "deployment", name, "-o", "jsonpath={..image} {.spec.replicas}"],
        stdout: "nginx:1.27 2",
        command: "kubectl get",
        calls: [found],
      },
      {
        does: "is restarted",
        args: [...NAMESPACE, "rollout", "restart", `deployment/${name}`],
        stdout: `deployment.apps/${name} restarted\n`,
        command: "kubectl rollout restart",
        calls: [found, patch("deployments")],
      },
      {
        does: "is deleted",
        args: [...NAMESPACE, "delete", "deployment", name, "--wait=false"],
        stdout: deletedLines(`deployment.apps "${name}"`),
        command: "kubectl delete",
        calls: [{ ...found, verb: "delete", bytesIn: expect.any(Number) }],
      },
    ];
    for (const each of cases) test(each.does, ({ readingPage }) => checkVerb(each, readingPage));
  });

test.describe("nodes", () => {
  const node = { verb: "list", resource: "nodes", namespace: null };
  const top: VerbCase = {
    does: "top shows what they use",
    needs: "rights outside the namespace",
    args: ["top", "nodes"],
    options: { as: "admin" },
    stdout: /^NAME +CPU\(cores\) .*\n[\w-]+ +\d+m/,
    command: "kubectl top node",
    calls: [{ ...node, apiGroup: "metrics.k8s.io" }, node],
  };
  test(top.does, ({ readingPage }) => checkVerb(top, readingPage));
});
