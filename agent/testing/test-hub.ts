import { randomUUID, X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { type Authority, createAuthority, issueServerCertificate } from "../../lib/pki/issue-certificate.ts";
import { API_SERVER_AUTHORITIES, type CredentialMode } from "../../lib/tunnels/protocol/api-server-stream.ts";
import {
  AUTHORITY_PATH,
  CONNECT_PATH,
  JOIN_PATH,
  MOST_MESSAGE_BYTES,
  RAW_PROTOCOL,
  RENEW_PATH,
} from "../../lib/tunnels/protocol/endpoints.ts";
import { CONNECTION_WINDOW, HUB_SESSION } from "../../lib/tunnels/protocol/http2.ts";
import {
  type AgentIntroduction,
  hubHeaders,
  readAgentHeaders,
} from "../../lib/tunnels/protocol/introduction.ts";
import {
  createJoinSecret,
  formatJoinToken,
  keyPin,
  parseJoinToken,
} from "../../lib/tunnels/protocol/join-token.ts";
import type { JoinAnswer, JoinRequest, RenewRequest } from "../../lib/tunnels/protocol/joining.ts";
import { type ProofPurpose, readProof } from "../../lib/tunnels/protocol/proof.ts";
import { issueAgentCertificate } from "./test-authority.ts";

/** A connection of an agent, as a hub has it. */
export interface HubConnection {
  agentId: string;
  introduction: AgentIntroduction;
  carrier: "raw" | "websocket";
  session: ClientHttp2Session;
  socket: Duplex;
  /** SHA-256 of the certificate that proved the agent. */
  fingerprint: string;
}

export interface TestHubOptions {
  credential?: CredentialMode;
  /** Its id, and all that it tells agents of. */
  hub?: string;
  hubs?: () => string[];
  /** The port's and the agents' authority: another hub's, for replicas and hubs that were restarted. */
  authority?: Authority;
  /** Upgrades raw connections; else it answers as a proxy does that knows WebSocket only. */
  raw?: boolean;
  /** How long until a certificate is to be renewed, milliseconds. */
  renewAfterMs?: number;
  port?: number;
  /** Does what a hub would not, with a raw connection that was upgraded; once. */
  misbehave?: (socket: Duplex) => void;
  /** Secrets of the join tokens that count: another hub's, for replicas. */
  tokens?: Set<string>;
}

const AUDIENCE = "https://gateway.test:8443";

/** The side of the gateway, as small as the protocol lets it be; what it does with proofs and tokens is the protocol's own. */
export class TestHub {
  readonly connections: HubConnection[] = [];
  /** What came to each path, as `POST /tunnel/v1/join`. */
  readonly asked: string[] = [];
  readonly authority: Authority;
  readonly hub: string;
  raw: boolean;
  readonly #options: TestHubOptions;
  readonly tokens: Set<string>;
  readonly #proofs = new Set<string>();
  readonly #revoked = new Set<string>();
  readonly #server: https.Server;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_MESSAGE_BYTES,
  });

  private constructor(authority: Authority, server: https.Server, options: TestHubOptions) {
    this.authority = authority;
    this.hub = options.hub ?? "hub-1";
    this.raw = options.raw ?? true;
    this.tokens = options.tokens ?? new Set();
    this.#options = { ...options };
    this.#server = server;
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(options: TestHubOptions = {}): Promise<TestHub> {
    const authority = options.authority ?? (await createAuthority("Kubewitness authority of a test"));
    const { certificate, key } = await issueServerCertificate(authority, {
      hosts: ["localhost", "127.0.0.1"],
    });
    const server = https.createServer({ cert: certificate, key });
    const hub = new TestHub(authority, server, options);
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
    return hub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /** A join token that counts once. */
  createJoinToken(): string {
    const secret = createJoinSecret();
    this.tokens.add(secret);
    return formatJoinToken({ secret, pin: keyPin(new X509Certificate(this.authority.certificate)) });
  }

  revoke(agentId: string): void {
    this.#revoked.add(agentId);
    for (const { session } of this.connections.filter((each) => each.agentId === agentId)) session.destroy();
  }

  /** Opens a stream as the gateway would; rejects with the refusal's head. */
  connect(
    authority: string = API_SERVER_AUTHORITIES[this.#options.credential ?? "gateway"],
    { session } = this.connections.at(-1)!,
  ): Promise<ClientHttp2Stream> {
    const stream = session.request({ ":method": "CONNECT", ":authority": authority }, { endStream: false });
    return new Promise((resolve, reject) => {
      stream.on("error", reject);
      stream.on("response", (headers: IncomingHttpHeaders) => {
        if (Number(headers[":status"]) === 200) resolve(stream);
        else reject(Object.assign(new Error(String(headers["kubewitness-message"])), { headers }));
      });
    });
  }

  async close(): Promise<void> {
    for (const { session, socket } of this.connections) {
      session.destroy();
      socket.destroy();
    }
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(`${request.method} ${request.url}`);
    try {
      let text = "";
      for await (const chunk of request) text += chunk;
      if (request.url === AUTHORITY_PATH) response.end(this.authority.certificate);
      else if (request.url === JOIN_PATH) response.end(JSON.stringify(await this.#join(JSON.parse(text))));
      else if (request.url === RENEW_PATH)
        response.end(JSON.stringify(await this.#renew(request, JSON.parse(text))));
      else response.writeHead(404).end();
    } catch (error) {
      response
        .writeHead(401)
        .end(JSON.stringify({ code: "unauthenticated", message: (error as Error).message }));
    }
  }

  async #join({ token, certificateRequest, name }: JoinRequest): Promise<JoinAnswer> {
    const secret = parseJoinToken(token)?.secret ?? "";
    if (!this.tokens.delete(secret)) throw new Error("the join token is not known, was used or has ended");
    const agentId = randomUUID();
    const { credential = "gateway" } = this.#options;
    return {
      ...(await this.#issue(agentId, certificateRequest)),
      agentId,
      name: name ?? "agent-1",
      cluster: "prod",
      credential,
    };
  }

  async #renew(request: IncomingMessage, { certificateRequest }: RenewRequest) {
    const { agentId } = this.#prove(request, "renew");
    return this.#issue(agentId, certificateRequest);
  }

  async #issue(agentId: string, request: string) {
    const endsAt = new Date(Date.now() + 3_600_000);
    const renewAfter = new Date(Date.now() + (this.#options.renewAfterMs ?? 1_800_000)).toISOString();
    const certificate = await issueAgentCertificate(this.authority, { request, agentId, endsAt });
    const gatewayAuthority = this.authority.certificate;
    return { certificate, expiresAt: endsAt.toISOString(), renewAfter, audience: AUDIENCE, gatewayAuthority };
  }

  #prove(request: IncomingMessage, purpose: ProofPurpose): Pick<HubConnection, "agentId" | "fingerprint"> {
    const text = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const authorities = [new X509Certificate(this.authority.certificate)];
    const { claims, certificate } = readProof(text, { authorities, audience: AUDIENCE, purpose });
    if (this.#revoked.has(claims.sub)) throw new Error("the agent is revoked");
    if (this.#proofs.has(claims.jti)) throw new Error("the proof was used");
    this.#proofs.add(claims.jti);
    return { agentId: claims.sub, fingerprint: certificate.fingerprint256 };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    const { upgrade = "" } = request.headers;
    this.asked.push(`${upgrade} ${request.url}`);
    const refuse = (status: string, headers: Record<string, string>, body: string) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${status}\r\n${lines.join("")}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    if (request.url !== CONNECT_PATH || (upgrade === RAW_PROTOCOL && !this.raw)) {
      refuse("400 Bad Request", {}, "");
      return;
    }
    const introduced = hubHeaders({ hub: this.hub, hubs: this.#options.hubs?.() ?? [this.hub] });
    let proved: Pick<HubConnection, "agentId" | "fingerprint">;
    try {
      proved = this.#prove(request, "connect");
    } catch (error) {
      refuse("401 Unauthorized", {}, JSON.stringify({ message: (error as Error).message }));
      return;
    }
    const introduction = readAgentHeaders(request.headers);
    if (introduction.connected.includes(this.hub)) {
      refuse("409 Conflict", introduced, "");
      return;
    }
    const take = (carried: Duplex, carrier: HubConnection["carrier"]) =>
      this.#take(carried, { ...proved, introduction, carrier, socket });
    if (upgrade === RAW_PROTOCOL) {
      const lines = Object.entries(introduced).map(([name, value]) => `${name}: ${value}\r\n`);
      const answer = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n${lines.join("")}\r\n`;
      // Node's HTTP/2 ends the process where it is given a TLS socket with a write under way.
      socket.write(answer, () => {
        if (head.length > 0) socket.unshift(head);
        const { misbehave } = this.#options;
        this.#options.misbehave = undefined;
        if (misbehave === undefined) take(socket, "raw");
        else misbehave(socket);
      });
      return;
    }
    this.#webSockets.once("headers", (headers) => {
      for (const [name, value] of Object.entries(introduced)) headers.push(`${name}: ${value}`);
    });
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = createWebSocketStream(webSocket);
      stream.on("error", () => undefined);
      take(stream, "websocket");
    });
  }

  #take(carried: Duplex, of: Omit<HubConnection, "session">): void {
    const session = http2.connect("http://agent", { ...HUB_SESSION, createConnection: () => carried });
    session.on("error", () => undefined);
    session.on("connect", () => session.setLocalWindowSize(CONNECTION_WINDOW));
    const connection = { ...of, session };
    this.connections.push(connection);
    session.on("close", () => this.connections.splice(this.connections.indexOf(connection), 1));
  }
}
