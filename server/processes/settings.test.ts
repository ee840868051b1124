import { afterEach, expect, test, vi } from "vitest";
import { type RunningInstallation, startInstallation } from "./testing/start-installation.ts";

// Each gateway process lays what administrators set over the configuration that it was started with.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
let running: RunningInstallation | undefined;
afterEach(() => running?.close());

test("a setting that is changed reaches each gateway process, which tells of one that does not count", async () => {
  running = await startInstallation({ KUBEWITNESS_GATEWAY_PROCESSES: "2" });
  const { db, said } = running;
  await db.pool.query(
    `insert into settings (key, value, revision) values ('audit.retention_days', '"a month"', nextval('settings_revision'))`,
  );
  const told = () =>
    said()
      .split("\n")
      .filter((line) => line.includes('"setting":"audit.retention_days"'))
      .map((line) => JSON.parse(line).process);
  await expect
    .poll(() => [...new Set(told())].sort(), { timeout: 30_000 })
    .toEqual(["gateway-1", "gateway-2"]);
});
