// The main process without the console's pages, for the tests of the gateway processes and for test/torture: what server.ts joins but Next, the demo
// and the sinks. Started by start-installation.ts, which it tells when it serves; told to block its event loop, and to have a defect.
import { existsSync } from "node:fs";
import { startAuditPipeline } from "../../../lib/audit/pipeline/pipeline.ts";
import { installConfig, loadConfig, processSources } from "../../../lib/config.ts";
import { disconnectDatabase, pool } from "../../../lib/db/connection.ts";
import { stopNotifications } from "../../../lib/db/notifications.ts";
import { log } from "../../../lib/log.ts";
import { loadInstallationCertificate } from "../../../lib/pki/installation-certificate.ts";
import { startRecordingKeeper } from "../../../lib/recordings/store/keeper.ts";
import { openStore } from "../../../lib/recordings/store/recording-store.ts";
import { lockDataFolder } from "../../lock-data-folder.ts";
import { openDatabase } from "../../open-database.ts";
import { startDomains } from "../../start-domains.ts";
import { startOrExplain } from "../../start-or-explain.ts";
import { startServing } from "../../start-serving.ts";
import { type StopStep, stopOnSignal } from "../../stop-signals.ts";
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
  const lock = lockDataFolder(config.data);
  await openDatabase(config);
  const certificate = await loadInstallationCertificate(config);
  const pipeline = await startAuditPipeline({ config, pool: pool() });
  const recordings = openStore(config);
  const keeper = startRecordingKeeper(config);
  const domains = await startDomains();
  const processes = await startGatewayProcesses({ config, certificate, pipeline });
  const serving = await startServing({
    config,
    certificate,
    pipeline,
    recordings,
    processes,
    shells: null,
    web: [],
  });
  const steps: StopStep[] = [
    ["calls", () => serving.drain()],
    [
      "the audit pipeline and the recordings",
      () => Promise.all([pipeline.drain(), recordings.stop(), processes.ended()]),
    ],
    ["the domains", () => domains.stop()],
    ["what keeps recordings", () => keeper.stop()],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
    ["the lock", async () => lock.release()],
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
