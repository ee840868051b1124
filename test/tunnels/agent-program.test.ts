import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Kept } from "../../agent/identity/identity.ts";
import { Lab } from "../../agent/testing/lab.ts";
import { tunnelTransport } from "../../lib/clusters/transports/tunnel.ts";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { type KubectlLab, startKubectlLab } from "../../lib/gateway/testing/kubectl-lab.ts";
import { until } from "../../lib/gateway/testing/memory-recorder.ts";
import { AUDIENCE, type HubLab, startHubLab } from "../../lib/tunnels/hub/testing/hub-lab.ts";
import { bundleAgent } from "../../scripts/agent/bundle.ts";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";

// The agent's program as it is given away, the gateway, and kubectl, on a cluster whose address means nothing to the gateway.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const CLUSTER = randomUUID();
const kubectl = (await kubectlBinaries()).at(-1)!.path;
const files = new Lab();
const folder = files.folder();
const CREDENTIAL = "sandbox-credential";

beforeAll(() => bundleAgent(folder));
afterAll(() => files.close());

describe.each(["gateway", "agent"] as const)("with the %s's credential", (mode) => {
  let lab: KubectlLab;
  let hub: HubLab;
  let apiServer: string;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    hub = await startHubLab();
    lab = await startKubectlLab({
      reach(url) {
        apiServer = url;
        const cluster = { id: CLUSTER, name: "prod", agentTag: null, tunnelCredential: mode };
        const known = { url: "https://api-server.invalid:6443", tlsServerName: "localhost" };
        // With the agent's, the gateway has none that counts.
        return { ...known, transport: tunnelTransport(cluster), ...(mode === "agent" && { token: "none" }) };
      },
    });
    writeFileSync(path.join(folder, "token"), CREDENTIAL);
    writeFileSync(path.join(folder, "ca.crt"), (await testCertificates()).ca);
  });
  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await lab.close();
    await hub.close();
  });

  async function startAgent(name: string): Promise<ChildProcess> {
    const { id, certificate, key } = await hub.join({ name, clusterId: CLUSTER });
    const kept: Kept = {
      claim: null,
      identity: {
        ...{ agentId: id, name, cluster: "prod", credential: mode, certificate, audience: AUDIENCE },
        ...{ key: key.export({ type: "pkcs8", format: "pem" }) as string, joinedWith: "" },
        ...{ expiresAt: "2099-01-01T00:00:00Z", renewAfter: "2099-01-01T00:00:00Z" },
        ...{ authorities: [hub.ca], trustsMachine: false },
      },
    };
    const state = path.join(folder, `${mode}-${name}`);
    mkdirSync(state);
    writeFileSync(path.join(state, "identity.json"), JSON.stringify(kept));
    const child = spawn(process.execPath, [path.join(folder, "kubewitness-agent.mjs")], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        NODE_ENV: "test",
        KUBEWITNESS_URL: `https://localhost:${hub.port}`,
        KUBERNETES_API_SERVER: apiServer,
        KUBERNETES_CA_FILE: path.join(folder, "ca.crt"),
        KUBERNETES_TOKEN_FILE: path.join(folder, "token"),
        KUBEWITNESS_AGENT_MODE: mode,
        KUBEWITNESS_AGENT_STATE: state,
        KUBEWITNESS_AGENT_LISTEN: "127.0.0.1:0",
      },
    });
    running.push(child);
    await until(() => [...hub.hub.sessions.values()].some(({ agent }) => agent.name === name), "the agent");
    return child;
  }

  const both = async (line: string) => {
    const through = await lab.shell(kubectl, line);
    expect(through).toEqual(
      await lab.shell(kubectl, line.replaceAll('"$KUBECTL"', '"$KUBECTL" --context=direct')),
    );
    return through;
  };

  test("kubectl gets, lists, logs, execs, copies, forwards, applies, watches and deletes as without it", async () => {
    await startAgent("one");
    const pod = await lab.aPod(kubectl);
    expect((await both('"$KUBECTL" get pods -o name')).out).toContain(`pod/${pod}`);
    expect((await both(`"$KUBECTL" logs ${pod} --limit-bytes=300`)).code).toBe(0);
    for (const protocol of ["true", "false"]) {
      const exec = `echo in | KUBECTL_REMOTE_COMMAND_WEBSOCKETS=${protocol} "$KUBECTL" exec -i ${pod} -- sh -c "cat; echo err >&2; exit 3"`;
      expect(await lab.shell(kubectl, exec)).toMatchObject({ code: 3, out: "in\n" });
    }
    const copied = `head -c 300000 /dev/urandom > "$HOME/a"; "$KUBECTL" cp "$HOME/a" ${pod}:/tmp/a && "$KUBECTL" cp ${pod}:/tmp/a "$HOME/b" && cmp "$HOME/a" "$HOME/b"`;
    expect(await lab.shell(kubectl, copied)).toMatchObject({ code: 0 });
    const forwarded = `
      exec 3< <(exec "$KUBECTL" port-forward ${pod} :7); pid=$!
      read -r -u 3 line; port=$(sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/' <<< "$line")
      exec 4<> "/dev/tcp/127.0.0.1/$port"; echo ping >&4; grep -m 1 -o ping <&4; kill -INT $pid`;
    expect(await lab.shell(kubectl, forwarded)).toMatchObject({ out: "ping\n" });
    const watched = `exec 3< <(exec "$KUBECTL" get configmaps -w -o name); pid=$!; sleep 0.5
      "$KUBECTL" create configmap far-${mode} >/dev/null; grep -m 1 far-${mode} <&3; kill $pid; "$KUBECTL" delete configmap far-${mode}`;
    expect((await lab.shell(kubectl, watched)).out).toContain(`configmap "far-${mode}" deleted`);
    expect(lab.gateway.recorder.entries.every(({ tunnelAgent }) => tunnelAgent === "one")).toBe(true);
  });

  test("kill -9: what it carries ends at once, and the next call goes by another", async () => {
    const watching = lab.shell(kubectl, 'timeout 20 "$KUBECTL" get pods -w -o name');
    const ended = (stage: string) => () =>
      lab.gateway.recorder.entries.some(
        (entry) => entry.resource === "pods" && entry.verb === "watch" && entry.stage === stage,
      );
    await until(ended("start"), "the watch");
    await startAgent("two");
    running[0]!.kill("SIGKILL");
    await until(ended("end"), "the watch's end");
    lab.gateway.recorder.clear();
    expect((await lab.shell(kubectl, '"$KUBECTL" get pods -o name')).code).toBe(0);
    expect(lab.gateway.recorder.entries.at(-1)).toMatchObject({ tunnelAgent: "two" });
    await watching;
  });

  test("SIGTERM: what is under way ends by itself", async () => {
    const agent = running.at(-1)!;
    const pod = await lab.aPod(kubectl);
    const talking = lab.shell(kubectl, `"$KUBECTL" exec ${pod} -- sh -c "echo begun; sleep 2; echo ended"`);
    await until(
      () =>
        lab.gateway.recorder.entries.some(
          ({ resource, stage }) => resource === "pods/exec" && stage === "start",
        ),
      "the session",
    );
    agent.kill("SIGTERM");
    expect(await talking).toMatchObject({ code: 0, out: "begun\nended\n" });
    if (agent.exitCode === null) await once(agent, "exit");
    expect(agent.exitCode).toBe(0);
  });
});
