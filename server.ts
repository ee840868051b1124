// The composition root: reads the configuration, makes the parts and joins them, listens, drains.
import { auditScope } from "./lib/access/permission.ts";
import { startAuditPipeline } from "./lib/audit/pipeline/pipeline.ts";
import { publishAuditStatus } from "./lib/audit/pipeline/status.ts";
import { SinkRegistry } from "./lib/audit/sinks/sink-registry.ts";
import { startSinks } from "./lib/audit/sinks/start-sinks.ts";
import { exportToNext } from "./lib/config/environment.ts";
import { installConfig, loadConfig, processSources } from "./lib/config.ts";
import { systemContext } from "./lib/context.ts";
import { databaseUrl, disconnectDatabase, pool } from "./lib/db/connection.ts";
import { stopNotifications } from "./lib/db/notifications.ts";
import { createGateway } from "./lib/gateway/create-gateway.ts";
import { log } from "./lib/log.ts";
import { loadInstallationCertificate } from "./lib/pki/installation-certificate.ts";
import { formatStart } from "./server/announce-start.ts";
import { keepCertificateFresh } from "./server/certificate-reload.ts";
import { createConsole } from "./server/console.ts";
import { startDemo } from "./server/demo/start-demo.ts";
import { closeServers, graceMs } from "./server/drain.ts";
import { createHealth } from "./server/health.ts";
import { importClusters } from "./server/import-clusters.ts";
import { claimForDemo, leaveDemo } from "./server/installation-kind.ts";
import { lockDataFolder } from "./server/lock-data-folder.ts";
import { createMetrics } from "./server/metrics.ts";
import { openDatabase } from "./server/open-database.ts";
import { openPorts } from "./server/open-ports.ts";
import { readServerOptions } from "./server/options.ts";
import { startGatewayProcesses } from "./server/processes/gateway-processes.ts";
import { createRefusedMethods } from "./server/refused-methods.ts";
import { startDomains } from "./server/start-domains.ts";
import { startOrExplain } from "./server/start-or-explain.ts";
import { reloadOnSignal, type StopStep, stopOnSignal } from "./server/stop-signals.ts";

await startOrExplain(async () => {
  const options = readServerOptions(process.argv.slice(2));
  const configured = loadConfig({ ...processSources(), ...options });
  log.level = configured.log.level;
  exportToNext(configured);
  const lock = lockDataFolder(configured.data);
  await openDatabase(configured);
  if (configured.demo) await claimForDemo();
  const demo = configured.demo ? await startDemo(configured) : null;
  const config = demo?.config ?? configured;
  installConfig(config);

  const certificate = await loadInstallationCertificate(config);
  const registry = new SinkRegistry();
  const pipeline = await startAuditPipeline({ config, pool: pool(), sinks: registry });
  const sinks = startSinks({
    databaseUrl: databaseUrl(),
    scope: auditScope(systemContext("sinks")),
    registry,
  });
  const ended = config.demo ? null : await leaveDemo({ ctx: systemContext("end of the demo") });
  const domains = await startDomains();
  const gateway = createGateway({ config, recorder: pipeline.recorder });
  const seeded = await demo?.seed(certificate.authority);
  const imported = options.kubeconfig === undefined ? null : await importClusters(options.kubeconfig);

  const [processes, console] = await Promise.all([
    startGatewayProcesses({ config, certificate, pipeline }),
    createConsole(config),
  ]);
  publishAuditStatus(processes.status);
  const health = createHealth({ ...processes.health, authority: certificate.authority });
  const metrics = createMetrics({ ...config, read: processes.metrics });
  const web = [createRefusedMethods(config), health, metrics, console];
  const servers = await openPorts(config, certificate, {
    gateway: processes.doorOf(gateway),
    web,
    kube: [health],
  });
  if (ended) log.warn({ ended }, "this database was the demo's: what was made there has ended");
  log.info({ console: config.publicUrl, kube: config.kubePublicUrl, imported: imported?.lines }, "serving");
  // For a person at a terminal; where nobody reads, standard output is the log's alone.
  if (config.demo || process.stdout.isTTY) {
    process.stdout.write(
      formatStart({ config, imported: imported?.lines ?? [], ended, demo: seeded ?? null }),
    );
  }
  // Also where nobody reads standard output: the gateway serves without what was named.
  for (const problem of imported?.problems ?? []) process.stderr.write(`warning: ${problem}\n`);

  const fresh = keepCertificateFresh({
    servers,
    served: certificate,
    load: () => loadInstallationCertificate(config),
    onReplaced: processes.serveCertificate,
  });
  reloadOnSignal(() => fresh.reload());
  const steps: StopStep[] = [
    ["the certificate", async () => fresh.stop()],
    [
      "calls",
      async () => {
        // What the gateway and its processes have to end, they still answer.
        const drained = Promise.all([gateway.drain(graceMs(config)), processes.drain()]);
        await Promise.all([closeServers(servers, graceMs(config), drained), drained]);
      },
    ],
    [
      "the audit pipeline and the sinks",
      () => Promise.all([pipeline.drain(), sinks.stop(), processes.ended()]),
    ],
    ["the domains", () => domains.stop()],
    ["the console", () => console.close()],
    ["the demo", async () => demo?.close()],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
    ["the lock", async () => lock.release()],
  ];
  stopOnSignal(steps, { onDefect: processes.onDefect });
});
