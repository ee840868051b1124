import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { authorization } from "../../agent/identity/renew.ts";
import { startAgent, stateFolder, type TestAgent } from "../../agent/testing/test-agent.ts";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { systemContext } from "../../lib/context.ts";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { revokeAgent } from "../../lib/tunnels/agents/mutations.ts";
import { makeJoinToken } from "../../lib/tunnels/joining/mutations.ts";
import { JOIN_PATH, RENEW_PATH } from "../../lib/tunnels/protocol/endpoints.ts";
import { agentKey } from "../../lib/tunnels/testing/joining-agent.ts";
import { freePorts } from "../../test/free-ports.ts";
import { type RunningInstallation, startInstallation } from "../processes/testing/start-installation.ts";

// Two replicas, one of them with two gateway processes, behind one address as a load balancer gives it; the agent is the program of agent/.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const SOON = { timeout: 60_000, interval: 50 };
const ctx = systemContext("test");

let first: RunningInstallation;
let second: { main: ChildProcess; kubePort: number; close(): Promise<void> };
let balancer: net.Server;
let balanced: number[] = [];
let agent: TestAgent;
let joinToken = "";
const state = stateFolder();

beforeAll(async () => {
  first = await startInstallation({ KUBEWITNESS_GATEWAY_PROCESSES: "2" });
  first.api.onRequest = (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"kind":"PodList","items":[]}');
  };
  balanced = [first.kubePort];
  balancer = await startBalancer();
  const cluster = await registerTunnelled();
  joinToken = (await makeJoinToken({ ctx, input: { cluster } })).token;
  agent = startAgent({
    KUBEWITNESS_URL: `https://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    KUBEWITNESS_JOIN_TOKEN: joinToken,
    KUBEWITNESS_AGENT_NAME: "far-1",
    KUBEWITNESS_AGENT_STATE: state.path,
    KUBERNETES_API_SERVER: first.api.upstream.endpoint.origin,
  });
});
afterAll(async () => {
  await agent?.stop();
  await second?.close();
  await first?.close();
  balancer?.close();
  await state.remove();
});

/** Passes each connection to the next of `balanced`. */
async function startBalancer(): Promise<net.Server> {
  let turn = 0;
  const server = net.createServer((socket) => {
    const onward = net.connect(balanced[turn++ % balanced.length]!, "127.0.0.1");
    for (const each of [socket, onward]) each.on("error", () => each.destroy());
    socket.pipe(onward).pipe(socket);
    onward.once("close", () => socket.destroy());
    socket.once("close", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function registerTunnelled(): Promise<string> {
  const { ca: certificateAuthority } = await testCertificates();
  const { id } = await registerCluster({
    ctx,
    input: {
      name: "far",
      // Nothing resolves it; the API server's certificate has the other name.
      endpoint: "https://api-server.invalid:6443",
      tlsServerName: "localhost",
      certificateAuthority,
      credential: { kind: "token", token: "cluster-credential" },
      connection: "tunnel",
    },
  });
  const subject = { subject: "developers", subjectKind: "group" as const };
  await createGrant({ ctx, input: { role: "cluster-admin", ...subject, cluster: "far", namespaces: [] } });
  return id;
}

/** On a connection of its own, which any process may take. */
function list(kubePort: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{
        host: "127.0.0.1",
        port: kubePort,
        ca: first.ca,
        agent: false,
        path: "/k8s/clusters/far/api/v1/pods",
      },
      headers: { authorization: `Bearer ${first.token}` },
    };
    const request = https.get(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.on("error", reject);
  });
}

const listMany = (kubePort: number, count: number) =>
  Promise.all(Array.from({ length: count }, () => list(kubePort).then(({ status }) => status)));
const open = async () =>
  (
    await first.db.pool.query<{ process: string; calls: number; bytes: number }>(
      "select process, calls::int, (bytes_in + bytes_out)::int as bytes from tunnel_connections where until is null",
    )
  ).rows;

test("an agent that joined is the way to its cluster for each process of the replica, whichever has its connection", async () => {
  await expect.poll(async () => (await list(first.kubePort)).status, SOON).toBe(200);
  const before = await metricsOf();
  // Until both processes have had some.
  await expect
    .poll(async () => {
      expect(new Set(await listMany(first.kubePort, 16))).toEqual(new Set([200]));
      const now = await metricsOf();
      return now.every((count, index) => count > before[index]!);
    }, SOON)
    .toBe(true);
  expect(first.api.seen.at(-1)?.headers.authorization).toBe("Bearer cluster-credential");
  const carriers = async () =>
    (
      await first.db.pool.query(
        `select distinct d.value as agent from kube_request r left join audit_dictionary d on d.id = r.tunnel_agent_id
         where r.http_status = 200`,
      )
    ).rows;
  await expect.poll(carriers, SOON).toEqual([{ agent: "far-1" }]);
});

test("a join token that somebody has kept lets nobody in at the port, and no other body does", async () => {
  const { certificateRequest } = await agentKey();
  const body = { token: joinToken, certificateRequest, name: null, tags: [], version: "1.0.0" };
  expect(await post(JOIN_PATH, body)).toEqual([401, expect.stringContaining("used already")]);
  expect(await post(JOIN_PATH, { ...body, token: 1 })).toEqual([400, expect.stringContaining("token")]);
  expect(await post(JOIN_PATH, "x".repeat(20_000))).toEqual([413, expect.anything()]);
  expect(await post(RENEW_PATH, { certificateRequest })).toEqual([401, expect.stringContaining("no proof")]);
  const { identity } = JSON.parse(await readFile(path.join(state.path, "identity.json"), "utf8"));
  for (const nothing of [null, "", [], { certificateRequest: 1 }]) {
    const headers = authorization(identity, "renew");
    expect(await post(RENEW_PATH, nothing, headers)).toEqual([
      400,
      expect.stringContaining("certificateRequest: takes a PKCS #10 request"),
    ]);
  }
});

test("its calls are counted, those of the other process too", async () => {
  const calls = async () => (await open()).reduce((sum, row) => sum + row.calls, 0);
  const before = await calls();
  await listMany(first.kubePort, 20);
  await expect.poll(calls, SOON).toBeGreaterThanOrEqual(before + 20);
  expect((await open())[0]?.bytes).toBeGreaterThan(1_000);
});

test("it connects to a replica that comes, and both serve the cluster", async () => {
  second = await startSecond();
  balanced = [first.kubePort, second.kubePort];
  await expect.poll(async () => (await list(second.kubePort)).status, SOON).toBe(200);
  expect(new Set(await listMany(first.kubePort, 4))).toEqual(new Set([200]));
  await expect.poll(open, SOON).toHaveLength(2);
});

test("a process that ends takes no call with it but those that it carried: the agent comes again", async () => {
  const [holder] = (await open()).filter(({ process }) => process.startsWith("gateway-"));
  const pids = await first.workers();
  process.kill(pids[Number(holder!.process.split("-")[1]) - 1]!, "SIGKILL");
  await expect.poll(async () => new Set(await listMany(first.kubePort, 8)), SOON).toEqual(new Set([200]));
});

test("a revoked agent is cut off everywhere within 2 s", async () => {
  const { rows } = await first.db.pool.query<{ id: string }>(
    "select id from tunnel_agents where name = 'far-1'",
  );
  await revokeAgent({ ctx, input: { id: rows[0]!.id } });
  const bothRefuse = async () =>
    [await list(first.kubePort), await list(second.kubePort)].map(({ status }) => status);
  // The rest is what a busy machine takes.
  await expect.poll(bothRefuse, { timeout: 15_000, interval: 20 }).toEqual([503, 503]);
  const { text } = await list(first.kubePort);
  expect(text).toContain('The cluster \\"far\\" cannot be called: no agent of it is connected here.');
  const ended =
    "select count(*)::int as count from tunnel_connections where ending = 'the agent was revoked'";
  await expect.poll(async () => (await first.db.pool.query(ended)).rows[0], SOON).toEqual({ count: 2 });
});

/** What an agent asks the port with JSON. */
function post(target: string, body: unknown, headers = {}): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: first.kubePort, ca: first.ca, agent: false, path: target };
    const request = https.request({ ...options, method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve([response.statusCode ?? 0, Buffer.concat(chunks).toString()]));
    });
    request.on("error", reject).end(JSON.stringify(body));
  });
}

/** Calls recorded by each gateway process of the first replica. */
async function metricsOf(): Promise<number[]> {
  const metrics = await (await fetch(`http://127.0.0.1:${first.port}/metrics`)).text();
  return ["gateway-1", "gateway-2"].map((name) =>
    Number(new RegExp(`entries_recorded_total\\{process="${name}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0),
  );
}

/** Another replica, that serves the proxy by its main process, with the same certificate and keys. */
async function startSecond(): Promise<typeof second> {
  const data = await mkdtemp(path.join(tmpdir(), "kubewitness-replica-"));
  await cp(first.data, data, {
    recursive: true,
    filter: (file) => !/\/(journal|run|compiled|lock)/.test(file),
  });
  const [port, kubePort] = (await freePorts(2)) as [number, number];
  const main = fork(path.join(import.meta.dirname, "../processes/testing/main-program.ts"), [], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: {
      ...{
        PATH: process.env.PATH,
        NODE_ENV: "production",
        DATABASE_URL: first.db.url,
        KUBEWITNESS_DATA: data,
      },
      ...{
        KUBEWITNESS_PORT: String(port),
        KUBEWITNESS_KUBE_PORT: String(kubePort),
        KUBEWITNESS_HOST: "127.0.0.1",
      },
      ...{ OIDC_ISSUER: "https://unused.example", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "x" },
      ...{ KUBEWITNESS_GATEWAY_PROCESSES: "0", KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" },
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  await once(main, "message");
  return {
    main,
    kubePort,
    async close() {
      main.kill("SIGTERM");
      await once(main, "exit");
      await rm(data, { recursive: true, force: true });
    },
  };
}
