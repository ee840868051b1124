// The composition root: reads the configuration, makes the parts and joins them, listens, drains.
import { createClientAddressReader } from "./lib/client-address.ts";
import { exportToNext } from "./lib/config/environment.ts";
import { installConfig, loadConfig, processSources } from "./lib/config.ts";
import { disconnectDatabase, pool } from "./lib/db/connection.ts";
import { stopNotifications } from "./lib/db/notifications.ts";
import type { RunningGateway } from "./lib/gateway/start.ts";
import { log } from "./lib/log.ts";
import { loadInstallationCertificate } from "./lib/pki/installation-certificate.ts";
import { startDemo } from "./sandbox/demo/start-demo.ts";
import { formatStart } from "./server/announce-start.ts";
import { createConsole } from "./server/console.ts";
import { closeServers } from "./server/drain.ts";
import { createHealth } from "./server/health.ts";
import { lockDataFolder } from "./server/lock-data-folder.ts";
import { openDatabase } from "./server/open-database.ts";
import { openPorts } from "./server/open-ports.ts";
import { readServerOptions } from "./server/options.ts";
import { startDomains } from "./server/start-domains.ts";
import { startOrExplain } from "./server/start-or-explain.ts";
import { stopOnSignal } from "./server/stop-signals.ts";

// INTERIM: until the audit pipeline and the cluster registry are joined.
const gateway: RunningGateway = {
  handleRequest: (_request, response) => void response.writeHead(503).end(),
  handleUpgrade: (_request, socket) => void socket.destroy(),
  handleClientError: (_error, socket) => void socket.destroy(),
  drain: async () => {},
};

/** How long calls under way may take to end; a developer who restarts does not wait. */
const graceMs = ({ development }: { development: boolean }) => (development ? 0 : 10_000);

await startOrExplain(async () => {
  readServerOptions(process.argv.slice(2));
  const configured = loadConfig(processSources());
  log.level = configured.log.level;
  exportToNext(configured);
  const lock = lockDataFolder(configured.data);
  await openDatabase(configured);
  const demo = configured.demo ? await startDemo(configured) : null;
  const config = demo?.config ?? configured;
  installConfig(config);

  const certificate = await loadInstallationCertificate(config);
  const readClientAddress = createClientAddressReader(config.trustedProxies);
  const domains = await startDomains();
  const whyNotReady = async () => {
    await pool().query("select 1");
    return null;
  };
  const seeded = await demo?.seed(certificate.authority);
  const health = createHealth({ whyNotReady, authority: certificate.authority });
  const console = await createConsole({ ...config, readClientAddress });
  const servers = await openPorts(config, certificate, { gateway, web: [health, console], kube: [health] });
  log.info({ console: config.publicUrl, kube: config.kubePublicUrl }, "serving");
  process.stdout.write(formatStart({ config, demo: seeded ?? null }));

  stopOnSignal([
    ["calls", () => Promise.all([closeServers(servers, graceMs(config)), gateway.drain(graceMs(config))])],
    ["the domains", () => domains.stop()],
    ["the console", () => console.close()],
    ["the demo", async () => demo?.close()],
    ["notifications", stopNotifications],
    ["the database", disconnectDatabase],
    ["the lock", async () => lock.release()],
  ]);
});
