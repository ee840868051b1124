// The composition root: reads the configuration, makes the parts and joins them, listens, drains.
import { createClientAddressReader } from "./lib/client-address.ts";
import { exportToNext } from "./lib/config/environment.ts";
import { installConfig, loadConfig, processSources } from "./lib/config.ts";
import { disconnectDatabase, pool } from "./lib/db/connection.ts";
import { stopNotifications } from "./lib/db/notifications.ts";
import { log } from "./lib/log.ts";
import { loadInstallationCertificate } from "./lib/pki/installation-certificate.ts";
import { createConsole } from "./server/console.ts";
import { closeServers } from "./server/drain.ts";
import { createHealth } from "./server/health.ts";
import { openDatabase } from "./server/open-database.ts";
import { openPorts } from "./server/open-ports.ts";
import { readServerOptions } from "./server/options.ts";
import { startOrExplain } from "./server/start-or-explain.ts";
import { onStopSignal } from "./server/stop-signals.ts";

const DRAIN_DEADLINE_MS = 10_000;

await startOrExplain(async () => {
  const options = readServerOptions(process.argv.slice(2));
  const config = loadConfig(processSources());
  installConfig(config);
  exportToNext(config);
  log.level = config.log.level;

  await openDatabase(config);
  const certificate = await loadInstallationCertificate(config);
  const readClientAddress = createClientAddressReader(config.trustedProxies);

  const whyNotReady = async () => {
    await pool().query("select 1");
    return null;
  };
  const health = createHealth({ whyNotReady, authority: certificate.authority });
  const console = await createConsole({ ...config, readClientAddress });
  const servers = await openPorts(config, certificate, { web: [health, console], kube: [health] });
  log.info({ console: config.publicUrl, kube: config.kubePublicUrl }, "serving");

  onStopSignal(async () => {
    log.info("draining");
    await closeServers(servers, DRAIN_DEADLINE_MS);
    await console.close();
    await stopNotifications();
    await disconnectDatabase();
    process.exit(0);
  });
});
