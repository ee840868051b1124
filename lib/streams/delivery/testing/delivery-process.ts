// A process that delivers streams, as the main process of a replica does, for tests and benches that kill it. Its settings come from the environment. Asked, it
// tells what it has used of processor and memory.
import { auditScope } from "../../../access/permission.ts";
import { installConfig, loadConfig, processSources } from "../../../config.ts";
import { systemContext } from "../../../context.ts";
import { connectDatabase, databaseUrl } from "../../../db/connection.ts";
import { startNotifications } from "../../../db/notifications.ts";
import { startDeliveries } from "../start-deliveries.ts";

const config = loadConfig(processSources());
installConfig(config);
connectDatabase(config.database.url!);
await startNotifications();
startDeliveries({
  databaseUrl: databaseUrl(),
  scope: auditScope(systemContext("streams")),
  installation: config.publicUrl,
});
// Until it is killed, or whoever started it is gone.
process.on("disconnect", () => process.exit());
process.on("message", (asked) => {
  // Node has it with --expose-gc: what is held is then what is left.
  if (asked === "held") globalThis.gc?.();
  process.send!({ cpu: process.cpuUsage(), memory: process.memoryUsage() });
});
process.send!("started");
