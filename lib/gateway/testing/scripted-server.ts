import type { AddressInfo } from "node:net";
import tls from "node:tls";
import type { Upstream } from "../../clusters/upstream.ts";
import { testCertificates } from "./certificates.ts";
import { testUpstream } from "./test-upstream.ts";

/** An API server that answers with whatever bytes it is told, HTTP or not. */
export interface ScriptedServer {
  readonly upstream: Upstream;
  /** What it says to the next requests, each as one or more writes; then, and where it is told nothing, `{}`. */
  answers: (readonly string[])[];
  /** It closes after an answer. */
  closes: boolean;
  /** The request lines that came, each with the number of its connection. */
  readonly requests: string[];
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const PLAIN = ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"];

export async function startScriptedServer(): Promise<ScriptedServer> {
  const { certificate, key, ca } = await testCertificates();
  const sockets = new Set<tls.TLSSocket>();
  let connections = 0;
  const server = tls.createServer({ cert: certificate, key }, (socket) => {
    const number = ++connections;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      // The requests of these tests have no body.
      for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
        scripted.requests.push(`${number} ${text.slice(0, text.indexOf("\r\n"))}`);
        text = text.slice(end + 4);
        void answer(socket, scripted.answers.shift() ?? PLAIN, scripted.closes);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scripted: ScriptedServer = {
    upstream: testUpstream({ url, ca, token: "gateway-credential" }),
    answers: [],
    closes: false,
    requests: [],
    connections: () => sockets.size,
    async close() {
      await scripted.upstream.calls.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

async function answer(socket: tls.TLSSocket, writes: readonly string[], closes: boolean): Promise<void> {
  for (const text of writes) {
    if (!socket.writable) return;
    await new Promise((resolve) => socket.write(Buffer.from(text, "latin1"), resolve));
  }
  if (closes) socket.end();
}
