import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, kubectlVersions, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.close());

function deployment(namespace: string, image: string) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          containers: [
            {
              name: "web",
              image,
              resources: { limits: { cpu: "1", memory: "64Mi" } },
              ports: [{ containerPort: 80 }],
            },
          ],
        },
      },
    },
  };
}

/** The last that speaks SPDY alone, the last before WebSockets, and the newest; the others differ little. */
const versions = kubectlVersions.filter((version, index) => {
  return ["1.20", "1.27", "1.29"].includes(version) || index === kubectlVersions.length - 1;
});

describe.each(versions)("kubectl %s", (version) => {
  const namespace = `v${version.replace(".", "-")}`;
  const run = (args: string[], stdin = "") => cluster.run(args, { version, stdin });
  const inNamespace = (...args: string[]) => run(["-n", namespace, ...args]);

  test("creates, lists, changes and deletes", async () => {
    await run(["create", "namespace", namespace]);
    await inNamespace("create", "configmap", "settings", "--from-literal=colour=green");
    await inNamespace("create", "secret", "generic", "key", "--from-literal=value=not-a-secret");
    expect(await inNamespace("get", "configmap", "settings", "-o", "jsonpath={.data.colour}")).toBe("green");
    await inNamespace("patch", "configmap", "settings", "--type=merge", "-p", '{"data":{"colour":"blue"}}');
    await inNamespace("label", "configmap", "settings", "tier=front");
    await inNamespace("annotate", "configmap", "settings", "note=kept");
    const table = await inNamespace("get", "configmaps", "-l", "tier=front", "--show-labels");
    expect(table).toMatch(/^NAME +DATA +AGE +LABELS\nsettings +1 +\d+s +tier=front\n$/);
    expect(await inNamespace("get", "secret", "key", "-o", "jsonpath={.data.value}")).toBe(
      Buffer.from("not-a-secret").toString("base64"),
    );
    await inNamespace("delete", "configmap", "settings");
    const gone = await cluster.kubectl(["-n", namespace, "get", "configmap", "settings"], { version });
    expect(gone.stderr).toContain('Error from server (NotFound): configmaps "settings" not found');
  });

  test("applies, rolls out, undoes and scales", async () => {
    const apply = (image: string) => run(["apply", "-f", "-"], JSON.stringify(deployment(namespace, image)));
    expect(await apply("nginx:1.27")).toContain("deployment.apps/web created");
    expect(await apply("nginx:1.27")).toContain("deployment.apps/web unchanged");
    await inNamespace("rollout", "status", "deployment/web", "--timeout=30s");
    expect(await apply("nginx:1.28")).toContain("deployment.apps/web configured");
    await inNamespace("rollout", "status", "deployment/web", "--timeout=30s");
    expect(await inNamespace("rollout", "history", "deployment/web")).toMatch(/\n1 .*\n2 /);
    await inNamespace("rollout", "undo", "deployment/web");
    await inNamespace("rollout", "status", "deployment/web", "--timeout=30s");
    const image = "jsonpath={.spec.template.spec.containers[0].image}";
    expect(await inNamespace("get", "deployment", "web", "-o", image)).toBe("nginx:1.27");
    await inNamespace("scale", "deployment/web", "--replicas=1");
    await eventually(
      async () =>
        (await inNamespace("get", "pods", "-l", "app=web", "-o", "name")).trim().split("\n").length === 1,
      "one pod is left",
    );
  });

  test("refuses unknown fields and explains the known ones", async () => {
    const wrong = JSON.stringify({
      ...deployment(namespace, "nginx"),
      spec: { ...deployment(namespace, "nginx").spec, replicaz: 1 },
    });
    const refused = await cluster.kubectl(["apply", "-f", "-"], { version, stdin: wrong });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/unknown field "(spec\.)?replicaz"/);
    const explained = await run(["explain", "deployment.spec.strategy"]);
    expect(explained).toMatch(/KIND: +Deployment/);
    expect(explained).toContain("rollingUpdate");
    expect(explained).toContain("replace existing pods with new ones");
  });

  test("runs a command in a pod of its own and passes its exit code on", async () => {
    const ran = await cluster.kubectl(
      ["-n", namespace, "run", "once", "--rm", "-i", "--image=busybox", "--restart=Never", "--", "sh"],
      { version, stdin: "sleep 1; echo from the pod; exit 4\n" },
    );
    expect(ran.stdout).toContain("from the pod");
    expect(ran.code).toBe(4);
  });

  test("watches changes as a table", async () => {
    const watch = cluster.start(["-n", namespace, "get", "configmaps", "-w"], { version });
    try {
      await eventually(() => watch.output().includes("kube-root-ca.crt"), "the list");
      await inNamespace("create", "configmap", "watched", "--from-literal=a=1");
      await eventually(() => /watched +1 /.test(watch.output()), "the new one");
    } finally {
      await watch.stop();
    }
  });

  test("follows a log", async () => {
    const log = cluster.start(["-n", "payments", "logs", "-f", "--tail=3", "postgres-0"], { version });
    try {
      await eventually(() => log.output().split("\n").length > 3, "three lines");
      await eventually(() => log.output().split("\n").length > 4, "another");
    } finally {
      await log.stop();
    }
  });

  test("says who it is and what it may do", async () => {
    const allowed = await cluster.kubectl(["auth", "can-i", "list", "pods", "-n", "payments"], {
      version,
      user: "reader",
    });
    expect(allowed.stdout.trim()).toBe("yes");
    const denied = await cluster.kubectl(["auth", "can-i", "create", "pods", "-n", "payments"], {
      version,
      user: "reader",
    });
    expect(denied.stdout.trim()).toBe("no");
    expect((await run(["version", "-o", "json"])).replaceAll(" ", "")).toContain('"gitVersion":"v1.33.4"');
    expect(await run(["api-resources", "--api-group=cert-manager.io"])).toContain("certificates");
    expect(await run(["top", "nodes"])).toContain("acme-worker-1");
  });

  test("deletes a namespace with all that is in it", async () => {
    await run(["delete", "namespace", namespace]);
    const { store } = cluster.sandbox.cluster;
    expect(store.storages().flatMap((storage) => store.list(storage, namespace))).toEqual([]);
  });
});

test("every generator that posts protobuf is understood", async () => {
  const run = (...args: string[]) => cluster.run(["-n", "default", "create", ...args]);
  await run("deployment", "proto-web", "--image=nginx", "--port=80");
  await run("job", "proto-job", "--image=busybox", "--", "true");
  await run("cronjob", "proto-cron", "--image=busybox", "--schedule=*/5 * * * *", "--", "date");
  await run("role", "proto-role", "--verb=get,list", "--resource=pods");
  await run(
    "rolebinding",
    "proto-binding",
    "--role=proto-role",
    "--user=joe",
    "--serviceaccount=default:default",
  );
  await run("service", "nodeport", "proto-service", "--tcp=80:8080");
  await run("ingress", "proto-ingress", "--rule=shop.example/=hello:80");
  await run("quota", "proto-quota", "--hard=pods=10,cpu=2");
  await run("poddisruptionbudget", "proto-budget", "--selector=app=x", "--min-available=50%");
  await run("serviceaccount", "proto-account");
  expect(await run("token", "proto-account")).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\s*$/);
  const get = (name: string, path: string) => cluster.run(["get", name, "-o", `jsonpath=${path}`]);
  expect(await get("deploy/proto-web", "{.spec.template.spec.containers[0].ports[0].containerPort}")).toBe(
    "80",
  );
  expect(await get("cronjob/proto-cron", "{.spec.schedule}")).toBe("*/5 * * * *");
  expect(await get("role/proto-role", "{.rules[0].verbs}")).toBe('["get","list"]');
  expect(await get("rolebinding/proto-binding", "{.subjects[*].kind}")).toBe("User ServiceAccount");
  expect(await get("service/proto-service", "{.spec.ports[0].targetPort}")).toBe("8080");
  expect(await get("quota/proto-quota", "{.spec.hard}")).toBe('{"cpu":"2","pods":"10"}');
  expect(await get("pdb/proto-budget", "{.spec.minAvailable}")).toBe("50%");
});

test("drains a node and lets it back", async () => {
  const drained = await cluster.run([
    "drain",
    "acme-worker-2",
    "--ignore-daemonsets",
    "--force",
    "--timeout=50s",
  ]);
  expect(drained).toContain("node/acme-worker-2 drained");
  expect(await cluster.run(["get", "node", "acme-worker-2"])).toContain("Ready,SchedulingDisabled");
  await cluster.run(["uncordon", "acme-worker-2"]);
  expect(await cluster.run(["get", "node", "acme-worker-2"])).not.toContain("SchedulingDisabled");
}, 60_000);

test("debugs a running pod with an ephemeral container", async () => {
  const pod =
    (await cluster.run(["-n", "payments", "get", "pods", "-l", "app=ledger", "-o", "name"])).split("\n")[0] ??
    "";
  const debugged = await cluster.kubectl([
    "-n",
    "payments",
    "debug",
    pod,
    "--image=busybox",
    "--container=dbg",
    "-i",
    "--",
    "sh",
    "-c",
    "sleep 1; echo debugging",
  ]);
  expect(debugged.stdout).toContain("debugging");
  expect(
    await cluster.run(["-n", "payments", "get", pod, "-o", "jsonpath={.spec.ephemeralContainers[0].name}"]),
  ).toBe("dbg");
});

test.each(kubectlVersions)("kubectl %s creates, reads, applies and deletes", async (version) => {
  const name = `all-${version.replace(".", "-")}`;
  const options = { version };
  await cluster.run(["create", "configmap", name, "--from-literal=a=1"], options);
  expect(await cluster.run(["get", "configmap", name, "-o", "jsonpath={.data.a}"], options)).toBe("1");
  const applied = await cluster.apply(deployment("default", "nginx:1.27"), ["--dry-run=server"], options);
  expect(applied.stdout).toContain("deployment.apps/web created (server dry run)");
  expect(await cluster.run(["explain", "pod.spec.nodeName"], options)).toContain("nodeName");
  await cluster.run(["delete", "configmap", name], options);
});
