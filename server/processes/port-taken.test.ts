import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { freePort } from "../../test/free-ports.ts";
import { bindPort } from "./listening-handle.ts";
import { startInstallation } from "./testing/start-installation.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

test("a port that another program takes while this one starts stops the start with the same line", async () => {
  const data = await mkdtemp(path.join(tmpdir(), "kubewitness-port-"));
  const port = await freePort();
  // Bound as this program binds it, which keeps nobody from binding it, too.
  const other = await bindPort({ host: "127.0.0.1", port, setting: "the other's" });
  const taken = createServer();
  try {
    const started = startInstallation({ KUBEWITNESS_KUBE_PORT: String(port), KUBEWITNESS_DATA: data });
    const refused = expect(started).rejects.toThrow(
      `error: kubePort (KUBEWITNESS_KUBE_PORT): cannot listen on 127.0.0.1:${port}, another program listens on it.`,
    );
    const isBinding = () => existsSync(path.join(data, "run", "calls.sock"));
    await expect.poll(isBinding, { timeout: 60_000, interval: 5 }).toBe(true);
    taken.listen(other);
    await refused;
  } finally {
    taken.close();
    await rm(data, { recursive: true, force: true });
  }
});
