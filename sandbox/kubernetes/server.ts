import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Authenticator, type TokenIdentity } from "./access/authenticate.ts";
import { RbacAuthorizer } from "./access/rbac-authorizer.ts";
import { Cluster, type Log } from "./cluster.ts";
import { startControllers } from "./controllers/start-controllers.ts";
import type { Services } from "./http/call.ts";
import { handleRequest } from "./http/handle-request.ts";
import { handleUpgrade } from "./http/handle-upgrade.ts";
import { startLogWriter } from "./logs/log-writer.ts";
import { PodRuntimes } from "./logs/pod-runtimes.ts";
import { seedCluster } from "./seed/seed-cluster.ts";

export type SandboxClusterOptions = {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** PEM. `clientCa` lets client certificates in, with CN as user and O as groups. Plain HTTP when undefined. */
  tls: { key: string; cert: string; clientCa?: string } | undefined;
  /** Bearer tokens and who they are. */
  tokens: Record<string, TokenIdentity>;
  /** Who calls without credentials are, over plain HTTP; 401 when undefined. */
  anonymous?: TokenIdentity;
  /** How long pods take to start and stop: 1 (the default) as on a small real cluster, 0.1 a tenth of it. */
  pace?: number;
  log?: Log;
};

export type SandboxCluster = {
  url: string;
  /** The cluster's state, for tests that need to look inside. */
  cluster: Cluster;
  close(): Promise<void>;
};

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** kube-apiserver's: Go's `http.DefaultMaxHeaderBytes`. */
const HEAD_LIMIT = { maxHeaderSize: 1024 * 1024 };

function createServer(options: SandboxClusterOptions): Server {
  const { tls } = options;
  if (tls === undefined) return createHttpServer(HEAD_LIMIT);
  const { clientCa, ...keys } = tls;
  const clients =
    clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false };
  return createHttpsServer({ ...HEAD_LIMIT, ...keys, ...clients });
}

/** Starts an in-memory Kubernetes cluster, seeded with a small company. Rejects when the port is taken. */
export async function startSandboxCluster(options: SandboxClusterOptions): Promise<SandboxCluster> {
  const cluster = new Cluster(options.log ?? (() => undefined), options.pace);
  const closing = new AbortController();
  const services: Services = {
    cluster,
    authenticator: new Authenticator(options.tokens, options.anonymous),
    authorizer: new RbacAuthorizer(cluster.store),
    runtimes: new PodRuntimes(),
    closing: closing.signal,
  };
  const controllers = startControllers(services);
  seedCluster(services);
  controllers.startTimetables();
  startLogWriter(services);
  const server = createServer(options);
  const sockets = new Set<Socket>();
  server.keepAliveTimeout = 90_000;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (req, res) => void handleRequest(services, req, res));
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) =>
    handleUpgrade(services, req, socket, head),
  );
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, options.port ?? 0, host);
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    cluster,
    close() {
      closing.abort();
      cluster.clock.stop();
      services.runtimes.stopAll();
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
  };
}
