// The gateway as it runs in production, as bench/gateway/gateway-process.ts has it, with its plain requests read by itself. Prints one line of
// JSON when it serves, and its memory for each line "memory" (after a collection: "memory alive") of its input; "snapshot FILE" writes what its heap holds.
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { writeHeapSnapshot } from "node:v8";
import { startDecisionTable } from "../../lib/access/table/refresh.ts";
import { startClusterRegistry } from "../../lib/clusters/registry.ts";
import { createGateway } from "../../lib/gateway/create-gateway.ts";
import { openStore } from "../../lib/recordings/store/recording-store.ts";
import { returnMemory } from "../../lib/return-memory.ts";
import { createKubeServer } from "../../server/listeners.ts";
import { openInstallation } from "../gateway/installation.ts";
import { type ProcessMemory, readMemory } from "./read-memory.ts";

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
returnMemory();
const server = createKubeServer(certificate, gateway, []);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  say({ port, token });
});

function say(message: { port: number; token: string } | ProcessMemory | { snapshot: string }): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (line.startsWith("memory")) say(readMemory({ collect: line === "memory alive" }));
  else say({ snapshot: writeHeapSnapshot(line.replace("snapshot ", "")) });
});

process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await gateway.drain(0);
  await Promise.all([pipeline.drain(), recordings.stop()]);
  process.exit(0);
});
