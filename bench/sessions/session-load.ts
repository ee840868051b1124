import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import WebSocket from "ws";
import { acceptWebSocket } from "../../lib/gateway/testing/upstream-session.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../lib/wire/websocket-frames.ts";

/** 20 frames a second of 256 bytes: 5 KB/s a session. */
export const FRAME_BYTES = 256;
export const FRAMES_PER_SECOND = 20;

const STDOUT = 1;
const OPENED_AT_ONCE = 20;

/** Something like a busy terminal; its first characters are the moment at which it was sent. */
export function frameOf(sentMs: number, turn: number): Buffer {
  const line = `${sentMs.toFixed(3).padStart(16)} \u001b[3${turn % 8}mINFO\u001b[0m req=${turn * 7919} GET /api/v1/items/${turn % 997} 200 `;
  const text = line.padEnd(FRAME_BYTES - 2, "·-".slice(turn % 2)).slice(0, FRAME_BYTES - 2);
  const payload = Buffer.concat([Buffer.from([STDOUT]), Buffer.from(`${text}\r\n`)]);
  return encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload });
}

const sentMsOf = (message: Buffer): number => Number(message.toString("latin1", 1, 17));

export interface SessionCluster {
  port: number;
  close(): void;
}

/** An API server each of whose sessions shows 5 KB/s. */
export async function startSessionCluster(tls: { cert: string; key: string }): Promise<SessionCluster> {
  const server = https.createServer(tls);
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request, socket: Duplex) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
    let turn = 0;
    const timer = setInterval(
      () => socket.write(frameOf(performance.now(), turn++)),
      1000 / FRAMES_PER_SECOND,
    );
    socket.once("close", () => {
      clearInterval(timer);
      sockets.delete(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export interface OpenSessions {
  /** Milliseconds that each frame took since the last time this was called. */
  takeLatencies(): number[];
  /** Resolves when none is open any more. */
  closed(): Promise<void>;
  close(): Promise<void>;
}

/** Opens sessions, some at a time, so that their frames do not come in step. */
export async function openSessions(
  count: number,
  { url, token, ca }: { url: string; token: string; ca: string },
): Promise<OpenSessions> {
  let latencies: number[] = [];
  const clients: WebSocket[] = [];
  const open = async () => {
    const client = new WebSocket(url, "v5.channel.k8s.io", {
      ca,
      headers: { Authorization: `Bearer ${token}` },
    });
    client.on("message", (message: Buffer) => {
      if (message[0] === STDOUT) latencies.push(performance.now() - sentMsOf(message));
    });
    await once(client, "open");
    client.on("error", () => client.terminate());
    clients.push(client);
  };
  while (clients.length < count)
    await Promise.all(Array.from({ length: Math.min(OPENED_AT_ONCE, count - clients.length) }, open));
  const allClosed = Promise.all(clients.map((client) => once(client, "close")));
  return {
    closed: async () => void (await allClosed),
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    async close() {
      for (const client of clients) client.terminate();
      await allClosed;
    },
  };
}
