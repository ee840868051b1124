import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { loadConfig } from "../../lib/config.ts";
import { WorkerProcess } from "./worker-process.ts";

test("a process that the machine cannot start has ended, with the reason", async () => {
  const config = loadConfig({ cwd: tmpdir(), env: { NODE_ENV: "development" } });
  const worker = new WorkerProcess({
    name: "gateway-1",
    compileCache: tmpdir(),
    startMessage: () => ({
      config,
      certificate: { certificate: "", key: "", authority: null },
      processes: 1,
      tunnels: { hub: "", siblings: { folder: tmpdir(), own: 0, count: 1 } },
    }),
    handles: [],
    onEnd: () => undefined,
  });
  const { execPath } = process;
  process.execPath = "/nowhere/node";
  try {
    await expect(worker.start()).rejects.toMatchObject({
      problems: ["gateway-1 could not be started: spawn /nowhere/node ENOENT"],
    });
  } finally {
    process.execPath = execPath;
  }
  expect(worker.report()).toMatchObject({ state: "ended", pid: null });
});
