// The main process of an installation whose gateway processes are measured: it serves nothing itself. Prints one line of JSON when they serve.
// Started by bench/gateway/compare-processes.ts.
import { pool } from "../../lib/db/connection.ts";
import { startGatewayProcesses } from "../../server/processes/gateway-processes.ts";
import { openInstallation } from "./installation.ts";

const [databaseUrl, data, endpoint, tlsFolder, port, count] = process.argv.slice(2) as [
  ...[string, string, string, string, string, string],
];
const { config, pipeline, token, certificate } = await openInstallation({
  databaseUrl,
  data,
  endpoint,
  tlsFolder,
  env: { KUBEWITNESS_KUBE_PORT: port, KUBEWITNESS_HOST: "127.0.0.1", KUBEWITNESS_GATEWAY_PROCESSES: count },
});
const processes = await startGatewayProcesses({
  config,
  pipeline,
  certificate: { ...certificate, authority: null },
});
process.stdout.write(`${JSON.stringify({ token, pids: processes.pids() })}\n`);

process.once("SIGTERM", async () => {
  await processes.drain();
  await Promise.all([pipeline.drain(), processes.ended()]);
  const { rows } = await pool().query<{ rows: string }>("select count(*)::text as rows from kube_request");
  process.stdout.write(`${JSON.stringify({ recorded: Number(rows[0]?.rows) })}\n`);
  process.exit(0);
});
