// The gateway as it runs in production, with the cluster `bench` that it calls directly, and `far`, the same one through a tunnel. Prints one line of JSON when it
// serves. Started by bench/tunnel.ts.
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { startClusterRegistry } from "../../lib/clusters/registry.ts";
import { systemContext } from "../../lib/context.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { loadInstallationCertificate } from "../../lib/pki/installation-certificate.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { startAgentRegistry } from "../../lib/tunnels/agents/registry.ts";
import { makeJoinToken } from "../../lib/tunnels/joining/mutations.ts";
import { thisReplica } from "../../lib/tunnels/replicas/this-replica.ts";
import { createHealth } from "../../server/health.ts";
import { createKubeServer } from "../../server/listeners.ts";
import { startTunnels } from "../../server/tunnels/start-tunnels.ts";
import { openInstallation } from "../gateway/installation.ts";

const [databaseUrl, data, endpoint, tlsFolder] = process.argv.slice(2) as [string, string, string, string];
const { config, pipeline, token } = await openInstallation({ databaseUrl, data, endpoint, tlsFolder });
const ctx = systemContext("bench");
const { id: cluster } = await registerCluster({
  ctx,
  input: {
    name: "far",
    endpoint: "https://api-server.invalid:6443",
    tlsServerName: "localhost",
    certificateAuthority: readFileSync(`${tlsFolder}/ca.crt`, "utf8"),
    credential: { kind: "token", token: "upstream-token" },
    connection: "tunnel",
  },
});
const subject = { subject: "developers", subjectKind: "group" } as const;
await createGrant({ ctx, input: { role: "developer", ...subject, cluster: "far", namespaces: ["shop"] } });
await startDecisionTable();
await startClusterRegistry();
await startAgentRegistry();

const certificate = await loadInstallationCertificate(config);
const recordings = openStore(config);
const gateway = createGateway({ config, recorder: pipeline.recorder, recordings });
const tunnels = await startTunnels({ config, hub: thisReplica(), process: "bench", siblings: null });
const health = createHealth({
  admission: () => pipeline.recorder.admission(),
  troubles: () => [],
  authority: certificate.authority,
});
const { token: joinToken } = await makeJoinToken({ ctx, input: { cluster } });
const server = createKubeServer(certificate, gateway, [health, tunnels.door]);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port, token, joinToken })}\n`);
});

process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await Promise.all([gateway.drain(0), tunnels.drain(0)]);
  await Promise.all([pipeline.drain(), recordings.stop(), tunnels.stop()]);
  process.exit(0);
});
