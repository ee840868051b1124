import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { acceptWebSocket } from "../../lib/gateway/testing/upstream-session.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../../lib/wire/websocket-frames.ts";

/** What the cluster heard of one call. */
export interface SeenCall {
  auditId: string;
  /** Whether it changes something; a session does. */
  isChange: boolean;
  target: string;
  /** More than one: the gateway sent it again. */
  times: number;
}

const EVERY_MS = 250;
/** One call in so many takes a while, so that faults find calls under way. */
const SLOW_ONE_IN = 4;
const SLOW_MS = 30;
const EVENT = `${JSON.stringify({ type: "BOOKMARK", object: { kind: "Pod", apiVersion: "v1", metadata: { resourceVersion: "1" } } })}\n`;
const SHOWN = encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("\x01a line\r\n") });

/** An API server that does what it is asked at once and writes down every call by its Audit-ID, which it answers with, as kube-apiserver does. */
export class ScriptedCluster {
  readonly seen = new Map<string, SeenCall>();
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly #server: https.Server;
  readonly #sockets = new Set<Socket>();
  /** What is told to all watches and sessions, by one timer. */
  readonly #ticks = new EventEmitter().setMaxListeners(0);
  readonly #timer = setInterval(() => this.#ticks.emit("tick"), EVERY_MS);
  #calls = 0;

  private constructor(server: https.Server, certificateAuthority: string) {
    this.#server = server;
    this.certificateAuthority = certificateAuthority;
    this.endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("secureConnection", (socket) => {
      socket.on("error", () => socket.destroy());
    });
    server.on("connection", (connection) => {
      const socket = connection as Socket;
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => this.#sockets.delete(socket));
    });
    server.on("request", (request, response) => this.#answer(request, response));
    server.on("upgrade", (request, socket) => this.#beginSession(request, socket));
  }

  static async start(): Promise<ScriptedCluster> {
    const { certificate, key, ca } = await testCertificates();
    const server = https.createServer({ cert: certificate, key });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ScriptedCluster(server, ca);
  }

  /** Resets every connection: what was on its way either way is gone. */
  resetConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The Audit-ID that a call with this in its target came under. */
  auditIdOf(name: string): string | null {
    for (const { auditId, target } of this.seen.values()) if (target.includes(name)) return auditId;
    return null;
  }

  #note({ method = "", url = "", headers }: IncomingMessage, isSession: boolean): string | null {
    const auditId = headers["audit-id"];
    if (typeof auditId !== "string") return null;
    const known = this.seen.get(auditId);
    if (known) known.times += 1;
    else
      this.seen.set(auditId, {
        auditId,
        isChange: isSession || method !== "GET",
        target: url,
        times: 1,
      });
    return auditId;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const auditId = this.#note(request, false);
    if (auditId !== null) response.setHeader("Audit-ID", auditId);
    response.on("error", () => undefined);
    response.setHeader("Content-Type", "application/json");
    if (request.url?.includes("watch=true")) this.#watch(response);
    else request.resume().once("end", () => this.#done(request, response));
  }

  #done({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
    const answer = () =>
      response
        .writeHead(method === "POST" ? 201 : 200)
        .end(`{"kind":"ConfigMap","apiVersion":"v1","path":"${hash(url)}"}`);
    if (++this.#calls % SLOW_ONE_IN === 0) setTimeout(answer, SLOW_MS);
    else answer();
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200).write(EVENT);
    const tell = () => response.write(EVENT);
    this.#ticks.on("tick", tell);
    response.once("close", () => this.#ticks.off("tick", tell));
  }

  #beginSession(request: IncomingMessage, socket: Duplex): void {
    this.#note(request, true);
    socket.on("error", () => socket.destroy());
    acceptWebSocket(request, socket);
    const show = () => socket.write(SHOWN);
    this.#ticks.on("tick", show);
    socket.once("close", () => this.#ticks.off("tick", show));
    socket.once("end", () => socket.end());
    socket.resume();
  }
}

const hash = (text: string): string => createHash("sha1").update(text).digest("hex");
