import http2, { type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import https from "node:https";
import net, { type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocket } from "ws";
import {
  API_SERVER_AUTHORITIES,
  type CredentialMode,
  refusalHeaders,
} from "../../protocol/api-server-stream.ts";
import { CONNECT_PATH, RAW_PROTOCOL, WEBSOCKET_SUBPROTOCOL } from "../../protocol/endpoints.ts";
import { AGENT_SESSION, CONNECTION_WINDOW } from "../../protocol/http2.ts";
import { type AgentIntroduction, agentHeaders } from "../../protocol/introduction.ts";
import { createProof } from "../../protocol/proof.ts";
import { AUDIENCE, type TestIdentity } from "./hub-lab.ts";

/** How a scripted agent answers a stream; the default is to open its API server. */
export type StreamAnswer = (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

export interface ScriptedAgentOptions {
  port: number;
  ca: string;
  identity: TestIdentity;
  introduction?: Partial<AgentIntroduction>;
  carrier?: "raw" | "websocket";
  /** The port of this machine where its API server is. */
  apiServer?: number;
  onStream?: StreamAnswer;
  proof?: string;
  headers?: Record<string, string>;
}

/** An agent's end of a connection, for tests to say what it does. */
export interface ScriptedAgent {
  readonly session: ServerHttp2Session;
  /** What its bytes pass. */
  readonly stream: Duplex;
  /** Hub lists that it was told, in their order. */
  readonly told: string[][];
  /** CONNECTs that it got. */
  readonly asked: string[];
  closed: Promise<void>;
  close(): void;
}

/** An answer that was not 101. */
export class NotTaken extends Error {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;

  constructor(status: number, headers: NotTaken["headers"], body: string) {
    super(`${status} ${body}`);
    this.status = status;
    this.headers = headers;
  }
}

/** Connects as an agent does. @throws NotTaken. */
export async function connectAgent(options: ScriptedAgentOptions): Promise<ScriptedAgent> {
  const stream = await (options.carrier === "websocket" ? dialWebSocket : dialRaw)(options);
  const told: string[][] = [];
  const asked: string[] = [];
  // A server would ask TLS for ALPN "h2", which the connection's first protocol was not.
  const session = http2.performServerHandshake(stream as Socket, AGENT_SESSION);
  session.setLocalWindowSize(CONNECTION_WINDOW);
  session.on("error", () => undefined);
  session.on("stream", (each, headers) => {
    each.on("error", () => undefined);
    if (headers[":method"] === "PUT") return takeHubs(each, told);
    asked.push(String(headers[":authority"]));
    (options.onStream ?? toApiServer(options.apiServer ?? 0, modeOf(options)))(each, headers);
  });
  const closed = new Promise<void>((resolve) => session.once("close", resolve));
  return {
    session,
    stream,
    told,
    asked,
    closed,
    close: () => {
      session.destroy();
      stream.destroy();
    },
  };
}

const modeOf = ({ introduction }: ScriptedAgentOptions): CredentialMode =>
  introduction?.credential ?? "gateway";

/** What an agent's request for a connection says. */
export function connectHeaders({
  identity,
  introduction,
  proof,
  headers,
}: ScriptedAgentOptions): Record<string, string> {
  const { id: agentId, certificate, key } = identity;
  const own = {
    instance: "test-1",
    version: "1.0.0",
    tags: [],
    credential: "gateway" as const,
    connected: [],
  };
  return {
    ...agentHeaders({ ...own, ...introduction }),
    Authorization: `Bearer ${proof ?? createProof({ agentId, audience: AUDIENCE, purpose: "connect", certificate, key })}`,
    ...headers,
  };
}

/** A connection after its 101, on which nothing has been said. @throws NotTaken. */
export function dialRaw(options: ScriptedAgentOptions): Promise<Duplex> {
  const { port, ca } = options;
  return new Promise((resolve, reject) => {
    const headers = { ...connectHeaders(options), Connection: "Upgrade", Upgrade: RAW_PROTOCOL };
    const request = https.request({ host: "127.0.0.1", port, ca, path: CONNECT_PATH, headers, agent: false });
    request.on("upgrade", (_response, socket, head) => {
      socket.on("error", () => undefined);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        reject(new NotTaken(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())),
      );
    });
    request.on("error", reject);
    request.end();
  });
}

function dialWebSocket(options: ScriptedAgentOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`wss://127.0.0.1:${options.port}${CONNECT_PATH}`, WEBSOCKET_SUBPROTOCOL, {
      ca: options.ca,
      perMessageDeflate: false,
      headers: connectHeaders(options),
    });
    const stream = createWebSocketStream(webSocket);
    stream.on("error", () => undefined);
    webSocket.once("open", () => resolve(stream));
    webSocket.once("error", reject);
  });
}

function takeHubs(stream: ServerHttp2Stream, told: string[][]): void {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => {
    told.push(JSON.parse(Buffer.concat(chunks).toString()).hubs);
    stream.respond({ ":status": 204 }, { endStream: true });
  });
}

/** Opens a port of this machine for what names the API server, and refuses anything else. */
export function toApiServer(port: number, mode: CredentialMode = "gateway"): StreamAnswer {
  return (stream, headers) => {
    if (headers[":method"] !== "CONNECT" || headers[":authority"] !== API_SERVER_AUTHORITIES[mode]) {
      const refusal = { problem: "authority" as const, code: null, message: "only my own API server" };
      return stream.respond(refusalHeaders(refusal), { endStream: true });
    }
    const socket = net.connect(port, "127.0.0.1");
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (stream.headersSent || stream.destroyed) return stream.destroy();
      const refusal = { problem: "unreachable" as const, code: error.code ?? null, message: error.message };
      stream.respond(refusalHeaders(refusal), { endStream: true });
    });
    socket.on("connect", () => {
      if (stream.destroyed) return socket.destroy();
      stream.respond({ ":status": 200 });
      socket.pipe(stream).pipe(socket);
    });
    stream.on("close", () => socket.destroy());
    socket.on("close", (isBroken) => isBroken && stream.destroy());
  };
}
