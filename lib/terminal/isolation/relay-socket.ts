import { chmod, chown } from "node:fs/promises";
import net from "node:net";

const MOST_CONNECTIONS = 64;

/** Joins a program's connection with the gateway's socket. */
export function joinGateway(
  client: net.Socket,
  apiSocket: string,
  begin?: (gateway: net.Socket) => void,
): void {
  const gateway = net.connect({ path: apiSocket, allowHalfOpen: true });
  gateway.once("connect", () => {
    begin?.(gateway);
    client.pipe(gateway).pipe(client);
  });
  client.on("error", () => gateway.destroy());
  client.on("close", () => gateway.destroy());
  gateway.on("error", () => client.destroy());
  gateway.on("close", () => client.destroy());
}

/** A server and the connections on it. */
export interface Relay {
  port: number | null;
  close(): Promise<void>;
}

/** Listens where `where` says, at most 64 connections at once; `join` has each of them. */
export async function startRelay(
  where: net.ListenOptions,
  join: (client: net.Socket) => void,
): Promise<Relay> {
  const clients = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    client.on("error", () => client.destroy());
    join(client);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(where, resolve));
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? null) : null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      }),
  };
}

/** A Unix socket that only `owner` (null: this process's user) may connect to, joined to the gateway's. */
export async function startSocketRelay(
  path: string,
  owner: number | null,
  apiSocket: string,
): Promise<Relay> {
  const relay = await startRelay({ path }, (client) => joinGateway(client, apiSocket));
  await chmod(path, 0o600);
  if (owner !== null) await chown(path, owner, owner);
  return relay;
}
