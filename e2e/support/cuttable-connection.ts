import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../test/free-ports.ts";
import { consoleUrl } from "./installation.ts";

/** A way to the console that can be cut, as when the gateway goes away, and mended. */
export interface CuttableConnection {
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Passes bytes on between a port of its own and the console's. */
export async function openCuttableConnection(): Promise<CuttableConnection> {
  const target = Number(new URL(consoleUrl()).port);
  const sockets = new Set<Socket>();
  let server: Server;
  const port = await freePort();
  const listen = async () => {
    server = createServer((client) => {
      const gateway = connect(target, "127.0.0.1");
      for (const socket of [client, gateway]) {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => socket.destroy());
      }
      client.pipe(gateway).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  };
  await listen();
  return {
    url: `http://localhost:${port}`,
    cut: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
    mend: listen,
  };
}
