// The composition root: reads the configuration, makes the parts and joins them, listens, drains.
import { auditScope } from "./lib/access/permission.ts";
import { startAlerts } from "./lib/alerts/evaluation/start-alerts.ts";
import { startAuditPipeline } from "./lib/audit/pipeline/pipeline.ts";
import { SinkRegistry } from "./lib/audit/sinks/sink-registry.ts";
import { startSinks } from "./lib/audit/sinks/start-sinks.ts";
import { exportToNext } from "./lib/config/environment.ts";
import { config as currentConfig, installConfig, loadConfig, processSources } from "./lib/config.ts";
import { systemContext } from "./lib/context.ts";
import { databaseUrl, disconnectDatabase, pool } from "./lib/db/connection.ts";
import { stopNotifications } from "./lib/db/notifications.ts";
import { log } from "./lib/log.ts";
import { loadInstallationCertificate } from "./lib/pki/installation-certificate.ts";
import { startRendering } from "./lib/recordings/playback/jobs/start-rendering.ts";
import { forgetRecordingDays } from "./lib/recordings/store/forget-days.ts";
import { startRecordingKeeper } from "./lib/recordings/store/keeper.ts";
import { openStore } from "./lib/recordings/store/recording-store.ts";
import { returnMemory } from "./lib/return-memory.ts";
import { startSettings } from "./lib/settings/refresh.ts";
import { startDeliveries } from "./lib/streams/delivery/start-deliveries.ts";
import { forgetLettersOfDays, holdDaysForStreams } from "./lib/streams/retention/hold-days.ts";
import { openShellPrograms } from "./lib/terminal/shell/shell-programs.ts";
import { announceFirstVisit } from "./server/announce-first-visit.ts";
import { formatStart } from "./server/announce-start.ts";
import { createConsole } from "./server/console.ts";
import { createAdministratorByCommand } from "./server/create-administrator.ts";
import { startDemo } from "./server/demo/start-demo.ts";
import { importClusters } from "./server/import-clusters.ts";
import { claimForDemo, leaveDemo } from "./server/installation-kind.ts";
import { lockDataFolder } from "./server/lock-data-folder.ts";
import { openDatabase } from "./server/open-database.ts";
import { readServerOptions } from "./server/options.ts";
import { startGatewayProcesses } from "./server/processes/gateway-processes.ts";
import { rotateEncryptionKeyByCommand } from "./server/rotate-encryption-key.ts";
import { startDomains } from "./server/start-domains.ts";
import { startOrExplain } from "./server/start-or-explain.ts";
import { startServing } from "./server/start-serving.ts";
import { type StopStep, stopOnSignal } from "./server/stop-signals.ts";

await startOrExplain(async () => {
  const options = readServerOptions(process.argv.slice(2));
  const configured = loadConfig({ ...processSources(), ...options });
  log.level = configured.log.level;
  if (options.createAdministrator !== undefined) {
    return createAdministratorByCommand(configured, {
      email: options.createAdministrator,
      name: options.name,
    });
  }
  if (options.rotateEncryptionKey) return rotateEncryptionKeyByCommand(configured);
  exportToNext(configured);
  const lock = lockDataFolder(configured.data);
  await openDatabase(configured);
  if (configured.demo) await claimForDemo();
  const demo = configured.demo ? await startDemo(configured) : null;
  const config = demo?.config ?? configured;
  installConfig(config);
  const settings = await startSettings();

  const certificate = await loadInstallationCertificate(config);
  const registry = new SinkRegistry();
  const pipeline = await startAuditPipeline({
    config,
    pool: pool(),
    sinks: registry,
    retentionDays: () => currentConfig().audit.retentionDays,
    retentionHooks: {
      holdDays: holdDaysForStreams,
      forgetDays: async (...days) => {
        await forgetRecordingDays(...days);
        await forgetLettersOfDays(...days);
      },
    },
  });
  const sinks = startSinks({
    databaseUrl: databaseUrl(),
    scope: auditScope(systemContext("sinks")),
    registry,
  });
  const streams = startDeliveries({
    databaseUrl: databaseUrl(),
    scope: auditScope(systemContext("streams")),
    installation: config.publicUrl,
  });
  const alerts = startAlerts({
    databaseUrl: databaseUrl(),
    scope: auditScope(systemContext("alerts")),
    registry,
  });
  const recordings = openStore(config);
  const keeper = startRecordingKeeper(config);
  const rendering = startRendering({ config, databaseUrl: databaseUrl() });
  const ended = config.demo ? null : await leaveDemo({ ctx: systemContext("end of the demo") });
  const domains = await startDomains();
  const seeded = await demo?.seed(certificate.authority);
  const imported = options.kubeconfig === undefined ? null : await importClusters(options.kubeconfig);

  const [processes, console, shells] = await Promise.all([
    startGatewayProcesses({
      config,
      certificate,
      pipeline,
      troubles: () => [...keeper.troubles(), ...streams.troubles()],
    }),
    createConsole(config),
    config.webShell.enabled ? openShellPrograms() : null,
  ]);
  const serving = await startServing({
    config,
    certificate,
    pipeline,
    recordings,
    processes,
    shells,
    web: [console],
  });
  const firstVisit = await announceFirstVisit();
  if (ended) log.warn({ ended }, "this database was the demo's: what was made there has ended");
  log.info({ console: config.publicUrl, kube: config.kubePublicUrl, imported: imported?.lines }, "serving");
  // For a person at a terminal; where nobody reads, standard output is the log's alone.
  if (config.demo || process.stdout.isTTY) {
    process.stdout.write(
      formatStart({ config, imported: imported?.lines ?? [], ended, firstVisit, demo: seeded ?? null }),
    );
  }
  // Also where nobody reads standard output: the gateway serves without what was named.
  for (const problem of imported?.problems ?? []) process.stderr.write(`warning: ${problem}\n`);

  const steps: StopStep[] = [
    ["calls", () => serving.drain()],
    [
      "the audit pipeline, the sinks and the recordings",
      () =>
        Promise.all([
          pipeline.drain(),
          sinks.stop(),
          streams.stop(),
          alerts.stop(),
          recordings.stop(),
          processes.ended(),
        ]),
    ],
    ["the preparing and keeping of recordings", () => Promise.all([rendering.stop(), keeper.stop()])],
    ["the shells", async () => shells?.close()],
    ["the domains and the settings", () => Promise.all([domains.stop(), settings.stop()])],
    ["the console", () => console.close()],
    ["the demo", async () => demo?.close()],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
    ["the lock", async () => lock.release()],
  ];
  returnMemory();
  stopOnSignal(steps, { onDefect: processes.onDefect });
});
