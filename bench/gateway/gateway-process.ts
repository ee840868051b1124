// The gateway as it runs in production: TLS in front and behind, tokens and grants from PostgreSQL, journal with fdatasync, writer.
// Prints one line of JSON when it serves. Started by bench/gateway.ts.
import { readFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../lib/access/roles/mutations.ts";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { startAuditPipeline } from "../../lib/audit/pipeline/pipeline.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { startClusterRegistry } from "../../lib/clusters/registry.ts";
import { installConfig, loadConfig } from "../../lib/config.ts";
import { systemContext } from "../../lib/context.ts";
import { connectDatabase, pool } from "../../lib/db/connection.ts";
import { migrateDatabase } from "../../lib/db/migrate.ts";
import { startNotifications } from "../../lib/db/notifications.ts";
import { attachGateway } from "../../lib/gateway/attach.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { GATEWAY_SERVER_OPTIONS } from "../../lib/gateway/server-options.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { issueToken } from "../../lib/identity/tokens/mutations.ts";
import { log } from "../../lib/log.ts";

const [databaseUrl, data, endpoint, tlsFolder] = process.argv.slice(2) as [string, string, string, string];
const read = (name: string) => readFileSync(`${tlsFolder}/${name}`, "utf8");

log.level = "warn";
const config = loadConfig({
  cwd: data,
  env: {
    DATABASE_URL: databaseUrl,
    KUBEWITNESS_DATA: data,
    KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true",
    OIDC_ISSUER: "https://unused.example",
    OIDC_CLIENT_ID: "unused",
    OIDC_CLIENT_SECRET: "unused",
  },
});
installConfig(config);
await migrateDatabase(databaseUrl);
connectDatabase(databaseUrl);
await startNotifications();
const pipeline = await startAuditPipeline({ config, pool: pool() });

const ctx = systemContext("bench");
await updateBuiltInRoles({ ctx });
const person = await createPerson({
  ctx,
  input: { name: "Alice Example", email: "alice@example.com", groups: ["developers"] },
});
const credential = { kind: "token", token: "upstream-token" } as const;
await registerCluster({
  ctx,
  input: { name: "bench", endpoint, certificateAuthority: read("ca.crt"), credential },
});
const grant = {
  role: "developer",
  subject: "developers",
  subjectKind: "group",
  cluster: "bench",
  namespaces: ["shop"],
} as const;
await createGrant({ ctx, input: { ...grant, namespaces: ["shop"] } });
const { token } = await issueToken({ ctx, input: { name: "bench", userId: person.id } });
await startDecisionTable();
await startClusterRegistry();

const gateway = createGateway({ config, recorder: pipeline.recorder });
const server = https.createServer({
  ...GATEWAY_SERVER_OPTIONS,
  cert: read("server.crt"),
  key: read("server.key"),
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
  await pipeline.drain();
  const { rows } = await pool().query<{ rows: string }>("select count(*)::text as rows from kube_request");
  process.stdout.write(`${JSON.stringify({ recorded: Number(rows[0]?.rows) })}\n`);
  process.exit(0);
});
