import type { IncomingMessage } from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import {
  CONNECT_PATH,
  MOST_MESSAGE_BYTES,
  RAW_PROTOCOL,
  WEBSOCKET_SUBPROTOCOL,
} from "../../lib/tunnels/protocol/endpoints.ts";
import { type HubIntroduction, readHubHeaders } from "../../lib/tunnels/protocol/introduction.ts";
import { AgentError } from "../agent-error.ts";
import { type Answer, refusalText, unreachable } from "../gateway/ask.ts";
import { type Trust, trustOptions } from "../gateway/trust.ts";
import { openTls } from "../network/open-tls.ts";
import type { GatewayAddress } from "../settings/settings.ts";

/** What carries the tunnel's bytes after the upgrade. */
export type Carrier = "raw" | "websocket";

/** What dialling comes to. `connected`: this hub is one that the agent is connected to already. */
export type Dialled =
  | { kind: "open"; stream: Duplex; hub: HubIntroduction; carrier: Carrier }
  | { kind: "connected"; hub: HubIntroduction };

export interface Dial {
  gateway: GatewayAddress;
  trust: Trust;
  /** Of one request: each has a proof of its own. */
  headers: () => Record<string, string>;
  /** The carrier to begin with: the one that worked last. */
  carrier: Carrier;
}

const MOST_REFUSAL_CHARACTERS = 16 * 1024;

/**
 * Dials the gateway and upgrades the connection to a tunnel, by the other carrier where something on the way does not pass the first.
 * @throws AgentError.
 */
export async function dial(options: Dial, signal: AbortSignal): Promise<Dialled> {
  const carriers: Carrier[] = options.carrier === "raw" ? ["raw", "websocket"] : ["websocket", "raw"];
  let first: AgentError | null = null;
  for (const carrier of carriers) {
    const outcome = await attempt(carrier, options, signal);
    if (!(outcome instanceof CarrierRefused)) return outcome;
    first ??= outcome.error;
  }
  throw first;
}

/** Something between agent and hub, or a hub that is older, does not speak a carrier. */
class CarrierRefused {
  readonly error: AgentError;
  constructor(error: AgentError) {
    this.error = error;
  }
}

async function attempt(carrier: Carrier, { gateway, trust, headers }: Dial, signal: AbortSignal) {
  let socket: TLSSocket;
  try {
    socket = await openTls(gateway, trustOptions(trust), signal);
  } catch (error) {
    throw unreachable(gateway, error);
  }
  const destroy = () => socket.destroy();
  signal.addEventListener("abort", destroy);
  try {
    const answer = await (carrier === "raw" ? upgradeRaw : upgradeWebSocket)(socket, gateway, headers());
    if ("stream" in answer) {
      return { kind: "open", stream: answer.stream, hub: readHubHeaders(answer.headers), carrier } as const;
    }
    socket.destroy();
    return readRefusal(answer);
  } catch (error) {
    socket.destroy();
    if (error instanceof AgentError) throw error;
    if (signal.aborted) throw unreachable(gateway, signal.reason);
    // The connection ended without an answer, or with one that is none of a hub's.
    return new CarrierRefused(unreachable(gateway, error));
  } finally {
    signal.removeEventListener("abort", destroy);
  }
}

type Upgraded = { stream: Duplex; headers: IncomingMessage["headers"] };
type Refused = Answer & { headers: IncomingMessage["headers"] };

function upgradeRaw(
  socket: TLSSocket,
  gateway: GatewayAddress,
  headers: Record<string, string>,
): Promise<Upgraded | Refused> {
  return new Promise((resolve, reject) => {
    const request = https.request({
      ...{ host: gateway.host, port: gateway.port, path: CONNECT_PATH, createConnection: () => socket },
      headers: { ...headers, Connection: "Upgrade", Upgrade: RAW_PROTOCOL },
    });
    request.on("error", reject);
    request.on("upgrade", (answer, stream, head) => {
      if (head.length > 0) stream.unshift(head);
      const upgraded = { stream, headers: answer.headers };
      // Node's HTTP/2 ends the process where it is given a TLS socket with a write under way.
      if (request.writableFinished) resolve(upgraded);
      else request.once("finish", () => resolve(upgraded));
    });
    request.on("response", (answer) => void readRefused(answer).then(resolve, reject));
    request.end();
  });
}

function upgradeWebSocket(
  socket: TLSSocket,
  gateway: GatewayAddress,
  headers: Record<string, string>,
): Promise<Upgraded | Refused> {
  const host = gateway.host.includes(":") ? `[${gateway.host}]` : gateway.host;
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`wss://${host}:${gateway.port}${CONNECT_PATH}`, [WEBSOCKET_SUBPROTOCOL], {
      ...{
        createConnection: () => socket,
        headers,
        perMessageDeflate: false,
        maxPayload: MOST_MESSAGE_BYTES,
      },
    });
    let answered: IncomingMessage["headers"] = {};
    webSocket.on("upgrade", (answer) => {
      answered = answer.headers;
      // Before it is open: what the hub sends along with its answer must not be lost.
      const stream = createWebSocketStream(webSocket);
      stream.on("error", () => undefined);
      webSocket.once("open", () => resolve({ stream, headers: answered }));
    });
    webSocket.on("unexpected-response", (_request, answer) => void readRefused(answer).then(resolve, reject));
    webSocket.on("error", reject);
  });
}

async function readRefused(answer: IncomingMessage): Promise<Refused> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MOST_REFUSAL_CHARACTERS) break;
  }
  return {
    status: answer.statusCode ?? 0,
    text: text.slice(0, MOST_REFUSAL_CHARACTERS),
    headers: answer.headers,
  };
}

/** What a hub says when it upgrades nothing; everything else comes from something before it. */
const OF_HUBS = [401, 403, 409, 429, 503];

function readRefusal(answer: Refused): Dialled | CarrierRefused {
  if (answer.status === 409 && answer.headers["kubewitness-hub"] !== undefined) {
    return { kind: "connected", hub: readHubHeaders(answer.headers) };
  }
  const error = new AgentError(`the gateway did not take the connection: it ${refusalText(answer)}`);
  if (OF_HUBS.includes(answer.status)) throw error;
  return new CarrierRefused(error);
}
