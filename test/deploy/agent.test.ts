import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { startTestCluster, type TestCluster } from "kubewitness-sandbox/kubernetes/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { Lab } from "../../agent/testing/lab.ts";
import type { TestHub } from "../../agent/testing/test-hub.ts";
import { until } from "../../agent/testing/until.ts";

// deploy/agent.yaml as an administrator applies it, by real kubectl, and agents with the rights that it gives.

const deploy = path.resolve(import.meta.dirname, "../../deploy");
const manifest = readFileSync(path.join(deploy, "agent.yaml"), "utf8");
/** With the ClusterRoleBinding for mode agent put in, as its comment says. */
const forModeAgent = manifest.replace(/^#---\n(?:#.+\n)+/m, (block) => block.replaceAll(/^#/gm, ""));
const ACCOUNT = "--as=system:serviceaccount:kubewitness:agent";
const OWN = ["--namespace", "kubewitness"];

const lab = new Lab();
let cluster: TestCluster;

const can = async (...what: string[]) =>
  (await cluster.kubectl(["auth", "can-i", ...what, ACCOUNT])).stdout.trim();

beforeAll(async () => {
  cluster = await startTestCluster();
  await cluster.run(["apply", "-f", path.join(deploy, "cluster-rbac.yaml")]);
  await cluster.run(["apply", "-f", "-"], { stdin: manifest });
});
afterAll(async () => {
  await lab.close();
  await cluster.close();
});

describe("deploy/agent.yaml", () => {
  test("gives the agent one Secret, and nothing else of the cluster", async () => {
    expect(await can("get", "secrets/kubewitness-agent", ...OWN)).toBe("yes");
    expect(await can("update", "secrets/kubewitness-agent", ...OWN)).toBe("yes");
    for (const verb of ["list", "create", "get"]) expect(await can(verb, "secrets", ...OWN)).toBe("no");
    expect(await can("get", "secrets/gateway-token", ...OWN)).toBe("no");
    expect(await can("get", "pods", ...OWN)).toBe("no");
    expect(await can("impersonate", "users")).toBe("no");
  });

  test("with its binding for mode agent, lets it impersonate as the gateway may, and nothing more", async () => {
    expect(parseAllDocuments(forModeAgent)).toHaveLength(parseAllDocuments(manifest).length + 1);
    await cluster.run(["apply", "-f", "-"], { stdin: forModeAgent });
    expect(await can("impersonate", "groups/kubewitness:developer")).toBe("yes");
    expect(await can("impersonate", "groups/system:masters")).toBe("no");
    expect(await can("get", "pods", ...OWN)).toBe("no");
  });

  test("runs two pods that may do nothing on their node and are given time to drain", () => {
    const deployment = parseAllDocuments(manifest)
      .find((each) => each.get("kind") === "Deployment")!
      .toJS();
    expect(deployment.spec.replicas).toBe(2);
    const { securityContext, containers, terminationGracePeriodSeconds } = deployment.spec.template.spec;
    const [{ env, securityContext: ofContainer }] = containers;
    const drain = env.find(({ name }: { name: string }) => name === "KUBEWITNESS_AGENT_DRAIN_SECONDS").value;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(drain));
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(ofContainer).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("agents that share the Secret", () => {
  let hub: TestHub;

  async function agentEnvironment() {
    const folder = lab.folder();
    const token = await cluster.run(["create", "token", "agent", ...OWN]);
    await writeFile(path.join(folder, "token"), token);
    await writeFile(path.join(folder, "ca.crt"), cluster.certificates.ca);
    return {
      KUBEWITNESS_URL: hub.url,
      KUBERNETES_API_SERVER: cluster.sandbox.url,
      KUBERNETES_TOKEN_FILE: path.join(folder, "token"),
      KUBERNETES_CA_FILE: path.join(folder, "ca.crt"),
      KUBEWITNESS_AGENT_STATE: "secret:kubewitness/kubewitness-agent",
    };
  }

  test("join once, renew in turn, and start again without a join token", async () => {
    hub = await lab.hub({ renewAfterMs: 500 });
    const environment = await agentEnvironment();
    const joining = { ...environment, KUBEWITNESS_JOIN_TOKEN: hub.createJoinToken() };
    const agents = [lab.agent(joining), lab.agent(joining)];
    await until(() => hub.connections.length === 2, "two connections");
    expect(new Set(hub.connections.map(({ agentId }) => agentId)).size).toBe(1);
    expect(hub.asked.filter((each) => each.includes("join"))).toHaveLength(1);
    await until(() => hub.asked.filter((each) => each.includes("renew")).length > 1, "renewals");
    for (const agent of agents) await agent.stop();

    const { agentId } = await (async () => {
      lab.agent(environment);
      return until(() => hub.connections[0], "a connection without a token");
    })();
    expect(agentId).toMatch(/^[\da-f-]{36}$/);
    await cluster.run(["apply", "-f", "-"], { stdin: manifest });
    const kept = await cluster.run(["get", "secret", "kubewitness-agent", ...OWN, "-o", "jsonpath={.data}"]);
    expect(kept).toContain("identity.json");
  });

  test("say which right or object is missing", async () => {
    const environment = await agentEnvironment();
    const other = { ...environment, KUBEWITNESS_AGENT_STATE: "secret:kubewitness/gateway-token" };
    const agent = lab.agent({ ...other, KUBEWITNESS_JOIN_TOKEN: hub.createJoinToken() });
    const line = await until(() => agent.lines.find((each) => each.includes("not joined")), "a warning");
    expect(line).toContain(
      "the API server answered 403; the agent's service account needs get and update on it",
    );
  });
});
