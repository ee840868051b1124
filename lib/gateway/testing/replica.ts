import { parentPort, workerData } from "node:worker_threads";
import { type Config, installConfig } from "../../config.ts";
import { connectDatabase, disconnectDatabase } from "../../db/connection.ts";
import { startNotifications, stopNotifications } from "../../db/notifications.ts";
import { testCertificates } from "./certificates.ts";
import { startHouseGateway } from "./house-gateway.ts";

// A gateway on the house's own services in a thread of its own, which shares with others nothing but the database: as a replica does.

const { config, url } = workerData as { config: Config; url: string };

installConfig({ ...config, encryption: { formerKeys: [], key: Buffer.from(config.encryption.key) } });
const { pool } = connectDatabase(url);
await startNotifications();
const gateway = await startHouseGateway({ config, pool, url });
const { ca } = await testCertificates();
parentPort?.postMessage({ port: gateway.port, ca });
parentPort?.once("message", async () => {
  await gateway.close();
  await stopNotifications();
  await disconnectDatabase();
  parentPort?.close();
});
