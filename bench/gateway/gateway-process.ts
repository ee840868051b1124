// The gateway as it runs in production: TLS in front and behind, tokens and grants from PostgreSQL, journal with fdatasync, writer.
// Prints one line of JSON when it serves. Started by bench/gateway.ts.
import https from "node:https";
import type { AddressInfo } from "node:net";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { startClusterRegistry } from "../../lib/clusters/registry.ts";
import { pool } from "../../lib/db/connection.ts";
import { attachGateway } from "../../lib/gateway/attach.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { GATEWAY_SERVER_OPTIONS } from "../../lib/gateway/server-options.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { openInstallation } from "./installation.ts";

const [databaseUrl, data, endpoint, tlsFolder] = process.argv.slice(2) as [string, string, string, string];
const { config, pipeline, token, certificate } = await openInstallation({
  databaseUrl,
  data,
  endpoint,
  tlsFolder,
});
await startDecisionTable();
await startClusterRegistry();

const recordings = openStore(config);
const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
const server = https.createServer({
  ...GATEWAY_SERVER_OPTIONS,
  cert: certificate.certificate,
  key: certificate.key,
});
attachGateway(server, gateway);
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
