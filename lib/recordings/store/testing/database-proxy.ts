import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to PostgreSQL that can be interrupted. */
export interface DatabaseProxy {
  /** As a database's address. */
  url: string;
  /** Connections break and none is taken. */
  cut(): void;
  /** Connections stay and say nothing. */
  hang(): void;
  /** The next statement that holds `text` reaches PostgreSQL; its answer does not come, as the connection breaks. */
  loseAnswerOf(text: string): void;
  /** All goes well again, on new connections. */
  mend(): void;
  close(): Promise<void>;
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let state: "well" | "cut" | "hanging" = "well";
  let losing: string | null = null;
  const server = createServer((client) => {
    if (state === "cut") return client.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let lost = false;
    client.on("data", (data) => {
      if (losing !== null && data.includes(losing)) {
        losing = null;
        lost = true;
      }
      if (state !== "hanging") upstream.write(data);
    });
    upstream.on("data", (data) => {
      // It has answered, so it is done.
      if (lost) client.destroy();
      else if (state !== "hanging") client.write(data);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut() {
      state = "cut";
      breakAll();
    },
    hang() {
      state = "hanging";
    },
    loseAnswerOf(text) {
      losing = text;
    },
    mend() {
      state = "well";
      breakAll();
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
