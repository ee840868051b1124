// The gateway as a gateway process runs it in production: TLS in front and behind, tokens and grants from PostgreSQL, journal, writer. Prints one line of
// JSON when it serves. Arguments: database URL, data folder, the cluster's address, folder of certificates, and, where there is one, the slow cluster's
// address. KUBEWITNESS_AUDIT_DURABILITY counts.
import type { AddressInfo } from "node:net";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { startClusterRegistry } from "../../lib/clusters/registry.ts";
import { pool } from "../../lib/db/connection.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { createKubeServer } from "../../server/listeners.ts";
import { openInstallation } from "./installation.ts";

const [databaseUrl, data, endpoint, tlsFolder, slowEndpoint] = process.argv.slice(2) as [
  ...[string, string, string, string, string?],
];
const durability = process.env.KUBEWITNESS_AUDIT_DURABILITY;
const { config, pipeline, token, certificate } = await openInstallation({
  ...{ databaseUrl, data, endpoint, slowEndpoint, tlsFolder },
  env: durability === undefined ? {} : { KUBEWITNESS_AUDIT_DURABILITY: durability },
});
await startDecisionTable();
await startClusterRegistry();

const recordings = openStore(config);
const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
const server = createKubeServer(certificate, gateway, []);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, token })}\n`);
});

process.on("SIGUSR2", () => process.stderr.write(`${JSON.stringify(pipeline.status())}\n`));
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await gateway.drain(0);
  await Promise.all([pipeline.drain(), recordings.stop()]);
  const { rows } = await pool().query<{ rows: string }>("select count(*)::text as rows from kube_request");
  process.stdout.write(`${JSON.stringify({ recorded: Number(rows[0]?.rows) })}\n`);
  process.exit(0);
});
