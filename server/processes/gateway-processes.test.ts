import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import tls from "node:tls";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { systemContext } from "../../lib/context.ts";
import { revokeToken } from "../../lib/identity/tokens/mutations.ts";
import { createAuthority, issueServerCertificate } from "../../lib/pki/issue-certificate.ts";
import { type KubectlBinary, kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import { createObject, keepCalling } from "./testing/caller.ts";
import { type RunningInstallation, startInstallation } from "./testing/start-installation.ts";

// The main process, its gateway processes, PostgreSQL and the sockets between them are real; the test is client and cluster.

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });
/** For what takes the starts of processes, on a machine that does other things as well. */
const SLOW = { timeout: 60_000, interval: 50 };
let running: RunningInstallation | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(env: Record<string, string> = {}): Promise<RunningInstallation> {
  running = await startInstallation({ KUBEWITNESS_GATEWAY_PROCESSES: "2", ...env });
  running.api.onRequest = (_request, response) => {
    response.writeHead(201, { "Content-Type": "application/json" }).end('{"kind":"ConfigMap"}');
  };
  return running;
}

/** In the place of a name: of the rows of calls that a process's end cut off before their object's name was known. */
const INTERRUPTED = "interrupted";

/** How many rows each object has, by its name. */
async function rowsOf({ db }: RunningInstallation): Promise<Map<string, number>> {
  const { rows } = await db.pool.query<{ name: string; rows: number }>(
    `select coalesce(resource_name, '${INTERRUPTED}') as name, count(*)::int as rows from kube_request group by 1`,
  );
  return new Map(rows.map(({ name, rows: count }) => [name, count]));
}

const readyz = async ({ port }: RunningInstallation) => {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: response.status, text: await response.text() };
};
const metricsOf = async ({ port }: RunningInstallation) =>
  (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
const recordedByProcess = (metrics: string) =>
  ["gateway-1", "gateway-2"].map((name) =>
    Number(new RegExp(`entries_recorded_total\\{process="${name}"\\} (\\d+)`).exec(metrics)?.[1]),
  );
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("serves the proxy's port by its processes, each with its own journal; health and metrics speak of all", async () => {
  const installation = await start();
  const calls = keepCalling(installation, 16);
  await expect.poll(calls.answered, SLOW).toBeGreaterThan(100);
  const outcomes = await calls.stop();
  // The one that was quicker may have taken all of those connections.
  const recorded = async () => recordedByProcess(await metricsOf(installation));
  await expect
    .poll(async () => {
      const more = Array.from({ length: 16 }, (_, index) =>
        createObject(installation, `more-${outcomes.length + index}`, new https.Agent()),
      );
      outcomes.push(...(await Promise.all(more)));
      return (await recorded()).every((count) => count > 0);
    }, SLOW)
    .toBe(true);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([201]));
  await expect.poll(async () => (await rowsOf(installation)).size, SLOW).toBe(outcomes.length);

  expect(await readyz(installation)).toEqual({ status: 200, text: "ok\n" });
  const sum = async () => (await recorded()).reduce((all, count) => all + count, 0);
  await expect.poll(sum, SLOW).toBe(outcomes.length);
  const metrics = await metricsOf(installation);
  expect(metrics).toContain('kubewitness_audit_admitting{process="main"} 1');
  expect(metrics).toContain('kubewitness_process_up{process="gateway-2"} 1');
  // The main process has one, too.
  expect((await readdir(path.join(installation.data, "journal"))).length).toBe(3);
});

test("each process learns of a revocation, and of a certificate that was replaced", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-certificate-"));
  const files = { certificate: path.join(folder, "tls.crt"), key: path.join(folder, "tls.key") };
  const authority = await createAuthority("corporate");
  const replace = async () => {
    const pair = await issueServerCertificate(authority, { hosts: ["localhost", "127.0.0.1"] });
    await writeFile(files.certificate, pair.certificate);
    await writeFile(files.key, pair.key);
    return new X509Certificate(pair.certificate).fingerprint256;
  };
  const first = await replace();
  const installation = await start({
    KUBEWITNESS_TLS_CERTIFICATE: files.certificate,
    KUBEWITNESS_TLS_KEY: files.key,
  });
  const served = async () =>
    new Set(await Promise.all(Array.from({ length: 16 }, () => fingerprintOf(installation))));
  expect(await served()).toEqual(new Set([first]));
  const second = await replace();
  installation.main.kill("SIGHUP");
  await expect.poll(served, SLOW).toEqual(new Set([second]));

  const caller = { ...installation, ca: authority.certificate };
  const statuses = async () => {
    const calls = Array.from({ length: 16 }, (_, index) => createObject(caller, `revoked-${index}`));
    return new Set((await Promise.all(calls)).map(({ status }) => status));
  };
  expect(await statuses()).toEqual(new Set([201]));
  await revokeToken({ ctx: systemContext("test"), input: { id: installation.tokenId } });
  await expect.poll(statuses, SLOW).toEqual(new Set([401]));
  await rm(folder, { recursive: true });
});

/** Of the certificate that a new connection gets. */
async function fingerprintOf({ kubePort }: RunningInstallation): Promise<string> {
  const socket = tls.connect({ host: "127.0.0.1", port: kubePort, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test("a process that is killed is started again; what it left is written: no call is lost, none is there twice", async () => {
  const installation = await start();
  const calls = keepCalling(installation, 16);
  for (let kills = 1; kills <= 3; kills++) {
    const before = calls.answered();
    await expect.poll(calls.answered, SLOW).toBeGreaterThan(before + 50);
    const [first] = await installation.workers();
    process.kill(first!, "SIGKILL");
    await expect.poll(async () => (await readyz(installation)).text, SLOW).toContain("is not running");
    await expect
      .poll(
        async () => (await metricsOf(installation)).match(/kubewitness_process_up\{.*\} 1/g)?.length,
        SLOW,
      )
      .toBe(2);
  }
  const outcomes = await calls.stop();
  const answered = outcomes.filter(({ status }) => status !== null);
  expect(answered.length).toBeGreaterThan(150);
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([201]));
  // Every answer has its one row. A call whose answer was cut off has one at the most: under its name, or, with no name yet, as `interrupted`.
  await expect
    .poll(async () => {
      const rows = await rowsOf(installation);
      return answered.filter(({ name }) => rows.get(name) !== 1);
    }, SLOW)
    .toEqual([]);
  const reached = installation.api.seen.filter(({ url }) => url?.endsWith("/configmaps")).length;
  const countRows = async () =>
    [...(await rowsOf(installation)).values()].reduce((sum, count) => sum + count, 0);
  await expect.poll(countRows, SLOW).toBeGreaterThanOrEqual(reached);
  const { [INTERRUPTED]: interrupted = 0, ...named } = Object.fromEntries(await rowsOf(installation));
  expect(Object.entries(named).filter(([, count]) => count !== 1)).toEqual([]);
  expect(interrupted + Object.keys(named).length).toBeLessThanOrEqual(outcomes.length);
});

test("while the only process is down a new connection waits for the next one, and is not refused", async () => {
  const installation = await start({ KUBEWITNESS_GATEWAY_PROCESSES: "1" });
  expect((await createObject(installation, "before")).status).toBe(201);
  const [only] = await installation.workers();
  process.kill(only!, "SIGKILL");
  await expect.poll(async () => (await readyz(installation)).status, SLOW).toBe(503);
  expect((await createObject(installation, "after")).status).toBe(201);
  // The main process hears of it by another way than the client does.
  await expect.poll(async () => (await readyz(installation)).status, SLOW).toBe(200);
});

test("an event loop that is blocked, and a defect that nobody caught, touch no call at the proxy's port", async () => {
  const newest = (await kubectlBinaries()).at(-1)!;
  const installation = await start();
  const done = path.join(installation.data, "done");
  await installation.tell({ blockUntil: done });
  const free = once(installation.main, "message");
  // Its own port stands still meanwhile.
  const waiting = readyz(installation);
  for (let count = 0; count < 20; count++)
    expect((await createObject(installation, `blocked-${count}`)).status).toBe(201);
  expect(await getRaw(newest, installation)).toBe('{"kind":"ConfigMap"}');
  const first = await Promise.race([waiting.then(() => "answered"), setImmediate("blocked")]);
  expect(first).toBe("blocked");
  await writeFile(done, "");
  expect(await free).toEqual(["free", undefined]);
  expect((await waiting).status).toBe(200);

  const workers = await installation.workers();
  await installation.tell({ defect: "thrown by a page" });
  await expect.poll(installation.said, SLOW).toContain("thrown by a page");
  expect((await createObject(installation, "after-defect")).status).toBe(201);
  expect(await installation.workers()).toEqual(workers);
  expect((await readyz(installation)).text).toContain("the console's process had a defect since its start");
});

/** What kubectl prints of a list, by the proxy's port. */
async function getRaw(kubectl: KubectlBinary, installation: RunningInstallation): Promise<string> {
  const { kubePort, ca, token, data } = installation;
  const authority = path.join(data, "authority.crt");
  await writeFile(authority, ca);
  const cluster = "/k8s/clusters/prod";
  const server = `https://127.0.0.1:${kubePort}${cluster}`;
  // Before 1.34 the path of --raw begins at the host.
  const below = Number(kubectl.version.split(".")[1]) < 34 ? cluster : "";
  const options = ["--server", server, "--certificate-authority", authority, "--token", token];
  const args = [...options, "get", "--raw", `${below}/api/v1/namespaces/shop/configmaps`];
  const env = { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, HOME: data, KUBECONFIG: "/dev/null" };
  return (await promisify(execFile)(kubectl.path, args, { env })).stdout.trim();
}

test("calls that come to the console's port are the gateway processes', too", async () => {
  const installation = await start();
  const { port, token } = installation;
  const call = (init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/k8s/clusters/prod/api/v1/namespaces/shop/configmaps`, {
      headers: { Authorization: `Bearer ${token}` },
      ...init,
    });
  expect((await call()).status).toBe(201);
  expect((await call({ headers: {} })).status).toBe(401);
  const recorded = async () =>
    recordedByProcess(await metricsOf(installation)).reduce((sum, count) => sum + count, 0);
  await expect.poll(recorded, SLOW).toBe(2);
  expect(await metricsOf(installation)).toMatch(/entries_recorded_total\{process="main"\} 0/);
  // While one that has a call of the console's port ends, that call breaks off, and the next is another's.
  const held = Promise.withResolvers<void>();
  installation.api.onRequest = (_request, response) => {
    response.writeHead(200).write("first");
    held.resolve();
  };
  const broken = call().then((response) => response.text());
  await held.promise;
  for (const pid of await installation.workers()) process.kill(pid, "SIGKILL");
  await expect(broken).rejects.toThrow();
  installation.api.onRequest = (_request, response) => response.writeHead(201).end();
  expect((await call()).status).toBe(201);
});

test("a process that says nothing is said to be silent, its metrics are not left out without a word, and it can be ended", async () => {
  const installation = await start();
  const [first] = await installation.workers();
  process.kill(first!, "SIGSTOP");
  try {
    await expect
      .poll(async () => (await readyz(installation)).text, SLOW)
      .toMatch(/gateway-\d has not answered for \d+ s/);
    expect(await metricsOf(installation)).toMatch(/kubewitness_process_up\{process="gateway-\d"\} 0/);
  } finally {
    process.kill(first!, "SIGKILL");
  }
  // Whoever is to end it finds it in the log; another one takes its place.
  expect(installation.said()).toContain(`"pid":${first},"msg":"a gateway process serves"`);
  await expect.poll(async () => (await readyz(installation)).text, SLOW).toBe("ok\n");
});

test("the processes end, drained, with the main process that is killed, and keep no port", async () => {
  const installation = await start();
  const workers = await installation.workers();
  const calls = keepCalling(installation, 4);
  await expect.poll(calls.answered, SLOW).toBeGreaterThan(20);
  installation.main.kill("SIGKILL");
  await expect.poll(() => workers.some(isAlive), SLOW).toBe(false);
  const outcomes = await calls.stop();
  const rows = await rowsOf(installation);
  for (const { name, status } of outcomes)
    if (status !== null) expect([name, rows.get(name)]).toEqual([name, 1]);
  const next = createServer();
  await once(next.listen(installation.kubePort, "127.0.0.1"), "listening");
  next.close();
});

test("SIGTERM drains all of them: every call has its row, no journal and no process is left", async () => {
  const installation = await start();
  const workers = await installation.workers();
  const calls = keepCalling(installation, 4);
  await expect.poll(calls.answered, SLOW).toBeGreaterThan(20);
  installation.main.kill("SIGTERM");
  const [code] = await once(installation.main, "exit");
  const outcomes = await calls.stop();
  expect(code).toBe(0);
  expect(workers.map(isAlive)).toEqual([false, false]);
  expect(await readdir(path.join(installation.data, "journal"))).toEqual([]);
  const rows = await rowsOf(installation);
  for (const { name, status } of outcomes)
    if (status !== null) expect([name, rows.get(name)]).toEqual([name, 1]);
});

test("a port that is taken stops the start with one line", async () => {
  const taken = createServer();
  await once(taken.listen(0, "127.0.0.1"), "listening");
  const { port } = taken.address() as { port: number };
  try {
    await expect(startInstallation({ KUBEWITNESS_KUBE_PORT: String(port) })).rejects.toThrow(
      `error: kubePort (KUBEWITNESS_KUBE_PORT): cannot listen on 127.0.0.1:${port}, another program listens on it.`,
    );
  } finally {
    taken.close();
  }
});
