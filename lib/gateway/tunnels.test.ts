import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { withCredential } from "../../agent/api-server/with-credential.ts";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import type { Decision } from "../access/policy/decision.ts";
import { tunnelTransport } from "../clusters/transports/tunnel.ts";
import { log } from "../log.ts";
import { type HubLab, startHubLab } from "../tunnels/hub/testing/hub-lab.ts";
import {
  connectAgent,
  type ScriptedAgent,
  type ScriptedAgentOptions,
} from "../tunnels/hub/testing/scripted-agent.ts";
import { testCertificates } from "./testing/certificates.ts";
import { type KubectlLab, startKubectlLab } from "./testing/kubectl-lab.ts";
import { until } from "./testing/memory-recorder.ts";
import { send } from "./testing/request.ts";
import { testUpstream } from "./testing/test-upstream.ts";

// A cluster whose address nothing here can dial: its agents have the only way.

const ENDPOINT = { url: "https://api-server.invalid:6443", tlsServerName: "localhost" };
const CLUSTER = randomUUID();
/** The same API server, with agents that prove the calls to it themselves. */
const PROVING = { id: randomUUID(), name: "proving", agentTag: null, tunnelCredential: "agent" as const };
const kubectl = (await kubectlBinaries()).at(-1)!.path;

let lab: KubectlLab;
let hub: HubLab;
let apiServer = 0;
const agents: ScriptedAgent[] = [];
const protocols: string[] = [];

beforeAll(async () => {
  hub = await startHubLab();
  lab = await startKubectlLab({
    reach(url) {
      apiServer = Number(new URL(url).port);
      const cluster = { id: CLUSTER, name: "prod", agentTag: null, tunnelCredential: "gateway" as const };
      return { ...ENDPOINT, transport: tunnelTransport(cluster) };
    },
  });
  const proving = { ...ENDPOINT, ca: null, token: null, transport: tunnelTransport(PROVING) };
  lab.gateway.addCluster("proving", testUpstream(proving));
  lab.gateway.server.prependListener("upgrade", ({ headers }) => protocols.push(headers.upgrade ?? ""));
});
beforeEach(() => {
  lab.gateway.recorder.clear();
  protocols.length = 0;
});
afterAll(async () => {
  for (const agent of agents) agent.close();
  await lab.close();
  await hub.close();
});

async function connect(
  name: string,
  { tags = [], ...change }: Partial<ScriptedAgentOptions> & { tags?: string[] } = {},
): Promise<ScriptedAgent> {
  const identity = await hub.join({ name, clusterId: CLUSTER, tags });
  const agent = await connectAgent({ port: hub.port, ca: hub.ca, identity, apiServer, ...change });
  agents.push(agent);
  await until(() => hub.opened.some((session) => session.agent.name === name), "the agent's connection");
  return agent;
}

async function disconnectAll(): Promise<void> {
  for (const agent of agents.splice(0)) agent.close();
  await until(() => hub.hub.sessions.size === 0, "the agents' end");
}

const stages = (resource: string) =>
  lab.gateway.recorder.entries
    .filter((entry) => entry.resource === resource)
    .map(({ verb, stage, exitCode, tunnelAgent }) => [verb, stage, exitCode, tunnelAgent]);
const list = () => send({ port: lab.gateway.port, path: "prod/api/v1/namespaces/checkout/pods?limit=1" });

describe.each(["raw", "websocket"] as const)(
  "through an agent whose connection is %s, kubectl",
  (carrier) => {
    const name = `by-${carrier}`;
    beforeAll(() => connect(name, { carrier }));
    afterAll(disconnectAll);

    test("lists, and the row says who carried it", async () => {
      const listed = await lab.shell(kubectl, '"$KUBECTL" get pods -o name');
      const direct = await lab.shell(kubectl, '"$KUBECTL" --context=direct get pods -o name');
      expect(listed).toEqual(direct);
      expect(listed.out).toMatch(/^pod\//);
      expect(stages("pods")).toEqual([["list", "complete", null, name]]);
    });

    test("watches", async () => {
      const watch = `exec 3< <(exec "$KUBECTL" get configmaps -w -o name); pid=$!; grep -m 1 w1-${carrier} <&3; kill $pid`;
      const watching = lab.shell(kubectl, watch);
      await until(() => stages("configmaps").some(([verb]) => verb === "watch"), "the watch");
      await lab.shell(kubectl, `"$KUBECTL" create configmap w1-${carrier}`);
      expect((await watching).out).toContain("configmap/w1");
      await until(() => stages("configmaps").some(([, stage]) => stage === "end"), "the watch's end");
      expect(stages("configmaps")).toContainEqual(["watch", "start", null, name]);
    });

    test.each([
      ["websocket", ""],
      ["SPDY/3.1", "KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false"],
    ])("execs over %s", async (protocol, setting) => {
      const pod = await lab.aPod(kubectl);
      const line = `echo in | ${setting} "$KUBECTL" exec -i ${pod} -- sh -c "cat; echo err >&2; exit 3"`;
      expect(await lab.shell(kubectl, line)).toMatchObject({
        code: 3,
        out: "in\n",
        err: expect.stringContaining("err\n"),
      });
      expect(protocols).toEqual([protocol]);
      await until(() => stages("pods/exec").length === 2, "the session's end");
      expect(stages("pods/exec")).toEqual([
        ["create", "start", null, name],
        ["create", "end", 3, name],
      ]);
    });

    test.each([
      ["websocket", ""],
      ["SPDY/3.1", "KUBECTL_PORT_FORWARD_WEBSOCKETS=false"],
    ])("forwards a port over %s", async (protocol, setting) => {
      const pod = await lab.aPod(kubectl);
      const script = `
      exec 3< <(exec env ${setting} "$KUBECTL" port-forward ${pod} :7); pid=$!
      read -r -u 3 line; port=$(sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/' <<< "$line")
      exec 4<> "/dev/tcp/127.0.0.1/$port"; echo ping >&4; grep -m 1 -o ping <&4; kill -INT $pid`;
      expect(await lab.shell(kubectl, script)).toMatchObject({ out: "ping\n" });
      expect(protocols.slice(0, 1)).toEqual([protocol]);
      await until(() => stages("pods/portforward").length === 2, "the session's end");
    });

    test("reads a log, and sends a body", async () => {
      const pod = await lab.aPod(kubectl);
      // From its beginning: more is written meanwhile.
      const logs = await lab.shell(kubectl, `"$KUBECTL" logs ${pod} --limit-bytes=300`);
      expect(logs.out.length).toBeGreaterThan(100);
      expect(logs).toEqual(
        await lab.shell(kubectl, `"$KUBECTL" --context=direct logs ${pod} --limit-bytes=300`),
      );
      const value = "x".repeat(200_000);
      const name = `large-${carrier}`;
      await lab.shell(
        kubectl,
        `printf %0200000d 0 > "$HOME/large"; "$KUBECTL" create configmap ${name} --from-file "$HOME/large"`,
      );
      const read = await lab.shell(kubectl, `"$KUBECTL" get configmap ${name} -o jsonpath={.data.large}`);
      expect(read.out).toBe(value.replaceAll("x", "0"));
    });
  },
);

describe("through an agent that proves the calls itself, kubectl", () => {
  /** In the place of the cluster's name in the kubeconfig. */
  const through = (line: string) =>
    lab.shell(
      kubectl,
      `sed "s|/k8s/clusters/prod|/k8s/clusters/proving|" "$KUBECONFIG" > "$HOME/proving"; export KUBECONFIG="$HOME/proving"; ${line}`,
    );
  beforeAll(async () => {
    const { ca } = await testCertificates();
    const identity = await hub.join({ name: "proving", clusterId: PROVING.id });
    const opener = withCredential({
      ...{ host: "localhost", port: apiServer, certificateAuthority: ca },
      token: async () => "sandbox-credential",
    });
    const agent = await connectAgent({
      ...{ port: hub.port, ca: hub.ca, identity, introduction: { credential: "agent" } },
      onStream: (stream) => void opener.open(stream, AbortSignal.timeout(10_000)),
    });
    agents.push(agent);
    await until(
      () => hub.opened.some((session) => session.agent.name === "proving"),
      "the agent's connection",
    );
  });
  afterAll(disconnectAll);

  test("lists, as whoever calls", async () => {
    const listed = await through('"$KUBECTL" get pods -o name');
    expect(listed.out).toMatch(/^pod\//);
    expect(stages("pods")).toEqual([["list", "complete", null, "proving"]]);
  });

  test.each([
    ["websocket", ""],
    ["SPDY/3.1", "KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false"],
  ])("execs over %s", async (protocol, setting) => {
    const direct = await lab.shell(kubectl, '"$KUBECTL" --context=direct get pods -o name | head -1');
    const pod = direct.out.trim();
    const line = `echo in | ${setting} "$KUBECTL" exec -i ${pod} -- sh -c "cat; echo err >&2; exit 3"`;
    expect(await through(line)).toMatchObject({
      code: 3,
      out: "in\n",
      err: expect.stringContaining("err\n"),
    });
    expect(protocols).toEqual([protocol]);
    await until(() => stages("pods/exec").length === 2, "the session's end");
    expect(stages("pods/exec").at(-1)).toEqual(["create", "end", 3, "proving"]);
  });

  test("watches and sends a body", async () => {
    const watch =
      'exec 3< <(exec "$KUBECTL" get configmaps -w -o name); pid=$!; grep -m 1 w1-proving <&3; kill $pid';
    const watching = through(watch);
    await until(() => stages("configmaps").some(([verb]) => verb === "watch"), "the watch");
    await through('"$KUBECTL" create configmap w1-proving');
    expect((await watching).out).toContain("configmap/w1-proving");
    await until(() => stages("configmaps").some(([, stage]) => stage === "end"), "the watch's end");
  });
});

describe("which agent", () => {
  test("none: kubectl is told so, and that it may come again where one left a moment ago", async () => {
    await connect("leaves");
    await disconnectAll();
    const warned = vi.spyOn(log, "warn");
    const answer = await list();
    expect(answer.status).toBe(503);
    // Without a stack: it is the same for each call.
    expect(warned.mock.calls).toMatchObject([
      [{ error: expect.stringContaining("no agent of it is connected") }, expect.anything()],
    ]);
    expect(warned.mock.calls[0]?.[0]).not.toHaveProperty("err");
    warned.mockRestore();
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.json().message).toContain(
      'The cluster "prod" cannot be called: no agent of it is connected here.',
    );
    expect(lab.gateway.recorder.entries.at(-1)).toMatchObject({ httpStatus: 503, tunnelAgent: null });
  });

  test("none, and none has been there: kubectl gives up at once, with the reason", async () => {
    const cluster = { id: "never", name: "lonely", agentTag: null, tunnelCredential: "gateway" } as const;
    const dialled = tunnelTransport(cluster).dial({ host: "a", port: 1 }, AbortSignal.timeout(5_000));
    await expect(dialled).rejects.toMatchObject({
      retryAfterSeconds: null,
      message: expect.stringContaining('"lonely" cannot be called: no agent of it is connected here'),
    });
  });

  test("one that cannot reach its API server is passed by, and the row names who carried the call", async () => {
    await connect("cut-off", { apiServer: 1 });
    await connect("well");
    for (const _ of [1, 2, 3, 4]) expect((await list()).status).toBe(200);
    expect(stages("pods").map(([, , , agent]) => agent)).toEqual(["well", "well", "well", "well"]);
    await disconnectAll();
  });

  test("where the grant names a tag, one that has it, for calls and for sessions", async () => {
    await connect("west", { tags: ["us"] });
    await connect("east", { tags: ["eu"] });
    const pod = await lab.aPod(kubectl);
    lab.gateway.recorder.clear();
    const { decide } = lab.gateway;
    const allowBy = (agentTag: string) => {
      lab.gateway.decide = (input) => ({ ...decide(input), agentTag }) as Decision;
    };
    allowBy("eu");
    for (const _ of [1, 2, 3]) expect((await list()).status).toBe(200);
    await lab.shell(kubectl, `"$KUBECTL" exec ${pod} -- sh -c true`);
    await until(() => stages("pods/exec").length === 2, "the session's end");
    const carried = lab.gateway.recorder.entries.filter((entry) => entry.stage !== "start");
    expect(new Set(carried.map(({ tunnelAgent, tunnelTag }) => [tunnelAgent, tunnelTag].join()))).toEqual(
      new Set(["east,eu"]),
    );
    expect(carried.some(({ resource }) => resource === "pods/exec")).toBe(true);
    allowBy("asia");
    expect((await list()).json().message).toContain('no agent of it with the tag "asia" is connected here');
    lab.gateway.decide = decide;
    await disconnectAll();
  });

  test("all cannot: the answer says what the agent found", async () => {
    await connect("also-cut-off", { apiServer: 1 });
    const answer = await list();
    expect(answer.status).toBe(502);
    expect(answer.json().message).toContain("its API server refuses connections");
    await disconnectAll();
  });

  test("its end ends what it carries at once on the record, and the next call goes by another", async () => {
    const first = await connect("first");
    const watching = lab.shell(kubectl, 'timeout 20 "$KUBECTL" get pods -w -o name');
    await until(() => stages("pods").some(([, stage]) => stage === "start"), "the watch");
    await connect("second");
    first.close();
    await until(() => stages("pods").some(([, stage]) => stage === "end"), "the watch's end");
    expect(stages("pods")).toContainEqual(["watch", "end", null, "first"]);
    expect((await list()).status).toBe(200);
    expect(stages("pods").at(-1)?.[3]).toBe("second");
    await disconnectAll();
    await watching;
  });
});
