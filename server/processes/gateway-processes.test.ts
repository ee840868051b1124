import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createObject, keepCalling } from "./testing/caller.ts";
import { type RunningInstallation, startInstallation } from "./testing/start-installation.ts";

// The main process, its gateway processes, PostgreSQL and the sockets between them are real; the test is client and cluster.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
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
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set([201]));
  await expect.poll(async () => (await rowsOf(installation)).size, SLOW).toBe(outcomes.length);

  expect(await readyz(installation)).toEqual({ status: 200, text: "ok\n" });
  const metrics = await metricsOf(installation);
  const recorded = ["gateway-1", "gateway-2"].map((name) =>
    Number(new RegExp(`entries_recorded_total\\{process="${name}"\\} (\\d+)`).exec(metrics)?.[1]),
  );
  expect(recorded.every((count) => count > 0)).toBe(true);
  expect(recorded[0]! + recorded[1]!).toBe(outcomes.length);
  expect(metrics).toContain('kubewitness_audit_admitting{process="main"} 1');
  expect(metrics).toContain('kubewitness_process_up{process="gateway-2"} 1');
  // The main process has one, too.
  expect((await readdir(path.join(installation.data, "journal"))).length).toBe(3);
});

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
  const reached = installation.api.seen.length;
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
  expect((await readyz(installation)).status).toBe(200);
});

test("an event loop that is blocked, and a defect that nobody caught, touch no call at the proxy's port", async () => {
  const installation = await start();
  await installation.tell({ block: 5_000 });
  let free = false;
  installation.main.once("message", () => {
    free = true;
  });
  const during: number[] = [];
  for (let count = 0; !free; count++) {
    const { status } = await createObject(installation, `blocked-${count}`);
    if (!free) during.push(status ?? 0);
  }
  expect(during.length).toBeGreaterThan(0);
  expect(new Set(during)).toEqual(new Set([201]));

  const workers = await installation.workers();
  await installation.tell({ defect: "thrown by a page" });
  await expect.poll(installation.said, SLOW).toContain("thrown by a page");
  expect((await createObject(installation, "after-defect")).status).toBe(201);
  expect(await installation.workers()).toEqual(workers);
  expect((await readyz(installation)).text).toContain("the console's process had a defect since its start");
});

test("a process that says nothing is said to be silent, and its metrics are not left out without a word", async () => {
  const installation = await start();
  const [first] = await installation.workers();
  process.kill(first!, "SIGSTOP");
  try {
    await expect
      .poll(async () => (await readyz(installation)).text, SLOW)
      .toMatch(/gateway-\d has not answered for \d+ s/);
    expect(await metricsOf(installation)).toMatch(/kubewitness_process_up\{process="gateway-\d"\} 0/);
  } finally {
    process.kill(first!, "SIGCONT");
  }
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
