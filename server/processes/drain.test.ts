import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { type RunningInstallation, startInstallation } from "./testing/start-installation.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
/** For what takes the starts of processes, on a machine that does other things as well. */
const SLOW = { timeout: 60_000, interval: 50 };
let running: RunningInstallation | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test("a change that outlasts the shutdown's grace is answered at the console's port, too, also by a process that was started again", async () => {
  // A developer's restart waits for nothing, so that the grace is over at once.
  running = await startInstallation({ KUBEWITNESS_GATEWAY_PROCESSES: "1", NODE_ENV: "development" });
  const { api, main, port, token, workers } = running;
  const [first] = await workers();
  process.kill(first!, "SIGTERM");
  await expect.poll(async () => (await workers()).filter((pid) => pid !== first).length, SLOW).toBe(1);

  const arrived = Promise.withResolvers<void>();
  api.onRequest = (request) => void request.resume().once("end", arrived.resolve);
  const answer = fetch(`http://127.0.0.1:${port}/k8s/clusters/prod/api/v1/namespaces/shop/configmaps`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"first"}}',
  });
  await Promise.race([answer, arrived.promise]);
  const exit = once(main, "exit");
  main.kill("SIGTERM");
  const response = await answer;
  expect([response.status, await response.text()]).toEqual([424, expect.stringContaining("shutting down")]);
  expect(await exit).toEqual([0, null]);
});
