// The main process without the console's pages, for the tests of the gateway processes: what server.ts joins but Next and the demo. Started by
// start-installation.ts, which it tells when it serves; told to block its event loop, and to have a defect.
import { existsSync } from "node:fs";
import { startAuditPipeline } from "../../../lib/audit/pipeline/pipeline.ts";
import { installConfig, loadConfig, processSources } from "../../../lib/config.ts";
import { disconnectDatabase, pool } from "../../../lib/db/connection.ts";
import { stopNotifications } from "../../../lib/db/notifications.ts";
import { createGateway } from "../../../lib/gateway/create-gateway.ts";
import { log } from "../../../lib/log.ts";
import { loadInstallationCertificate } from "../../../lib/pki/installation-certificate.ts";
import { keepCertificateFresh } from "../../certificate-reload.ts";
import { closeServers, graceMs } from "../../drain.ts";
import { createHealth } from "../../health.ts";
import { createMetrics } from "../../metrics.ts";
import { openDatabase } from "../../open-database.ts";
import { openPorts } from "../../open-ports.ts";
import { startDomains } from "../../start-domains.ts";
import { startOrExplain } from "../../start-or-explain.ts";
import { reloadOnSignal, type StopStep, stopOnSignal } from "../../stop-signals.ts";
import { startGatewayProcesses } from "../gateway-processes.ts";

/** The event loop takes nothing until there is a file of that name; or an exception that nobody catches. */
export type Command = { blockUntil: string } | { defect: string };

const LONGEST_BLOCK_MS = 60_000;

function block(file: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs < LONGEST_BLOCK_MS && !existsSync(file); waitedMs += 50)
    Atomics.wait(clock, 0, 0, 50);
  process.send?.("free");
}

await startOrExplain(async () => {
  const config = loadConfig(processSources());
  log.level = config.log.level;
  installConfig(config);
  await openDatabase(config);
  const certificate = await loadInstallationCertificate(config);
  const pipeline = await startAuditPipeline({ config, pool: pool() });
  const domains = await startDomains();
  const gateway = createGateway({ config, recorder: pipeline.recorder });
  const processes = await startGatewayProcesses({ config, certificate, pipeline });
  const health = createHealth({ ...processes.health, authority: certificate.authority });
  const metrics = createMetrics({ ...config, read: processes.metrics });
  const servers = await openPorts(config, certificate, {
    gateway: processes.doorOf(gateway),
    web: [health, metrics],
    kube: [health],
  });
  const fresh = keepCertificateFresh({
    servers,
    served: certificate,
    load: () => loadInstallationCertificate(config),
    onReplaced: processes.serveCertificate,
  });
  reloadOnSignal(() => fresh.reload());
  const steps: StopStep[] = [
    [
      "calls",
      async () => {
        const drained = Promise.all([gateway.drain(graceMs(config)), processes.drain()]);
        await Promise.all([closeServers(servers, graceMs(config), drained), drained]);
      },
    ],
    ["the audit pipeline", () => Promise.all([pipeline.drain(), processes.ended()])],
    ["the domains", () => domains.stop()],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
  ];
  stopOnSignal(steps, { onDefect: processes.onDefect });
  process.on("message", (command: Command) => {
    if ("blockUntil" in command) {
      process.send?.("blocking", () => block(command.blockUntil));
    } else {
      setTimeout(() => {
        throw new TypeError(command.defect);
      });
    }
  });
  process.send?.("serving");
});
