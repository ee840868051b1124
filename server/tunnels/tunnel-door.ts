import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../../lib/errors.ts";
import type { RequestHead } from "../../lib/gateway/request/client-request.ts";
import { toErrorAnswer } from "../../lib/http/error-answer.ts";
import { log } from "../../lib/log.ts";
import { AlreadyConnected, NotBegun } from "../../lib/tunnels/hub/accept-agent.ts";
import type { UpgradeRequest } from "../../lib/tunnels/hub/change-protocol.ts";
import {
  CONNECT_PATH,
  JOIN_PATH,
  MOST_BODY_BYTES,
  RENEW_PATH,
} from "../../lib/tunnels/protocol/endpoints.ts";
import { type Responder, refuseUpgrade } from "../listeners.ts";

/** A request of an agent's that is answered with JSON. */
export interface AgentRequest {
  request: IncomingMessage;
  body: unknown;
}

export interface TunnelDoorOptions {
  /** Makes an upgrade an agent's connection. @throws AppError before anything was answered. */
  accept(upgrade: UpgradeRequest): Promise<void>;
  /** What a join token gets. @throws AppError. */
  join(asked: AgentRequest): Promise<object>;
  /** What a proof gets. @throws AppError. */
  renew(asked: AgentRequest): Promise<object>;
}

/** Answers agents at the port of the Kubernetes proxy, before any call is looked at. */
export function createTunnelDoor({ accept, join, renew }: TunnelDoorOptions): Responder {
  const answers = new Map([
    [JOIN_PATH, join],
    [RENEW_PATH, renew],
  ]);
  const pathOf = ({ url = "" }: RequestHead) => url.split("?")[0] ?? "";
  return {
    owns: (request) => pathOf(request) === CONNECT_PATH || answers.has(pathOf(request)),
    handleRequest(request, response) {
      const answer = answers.get(pathOf(request));
      respond(request, response, answer).catch((error: unknown) => fail(response, error));
    },
    handleUpgrade(request, socket, head) {
      if (pathOf(request) !== CONNECT_PATH) return refuseUpgrade(socket);
      accept({ request, socket, head }).catch((error: unknown) => {
        if (error instanceof NotBegun) return log.warn({ err: error }, "an agent's connection did not begin");
        if (!(error instanceof AppError)) log.warn({ err: error }, "an agent could not be taken");
        refuseUpgrade(socket, error, error instanceof AlreadyConnected ? error.headers : {});
      });
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: ((asked: AgentRequest) => Promise<object>) | undefined,
): Promise<void> {
  if (answer === undefined) {
    throw new AppError(
      "invalid_argument",
      `${CONNECT_PATH} takes a GET that changes the protocol (Upgrade).`,
    );
  }
  if (request.method !== "POST") throw new AppError("invalid_argument", `Takes POST, got ${request.method}.`);
  const text = await readText(request);
  send(response, 200, await answer({ request, body: parse(text) }));
}

/** It was received whole before this was called, within the bounds of server/receive-body.ts. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length <= MOST_BODY_BYTES) return bytes.toString("utf8");
  throw new AppError("payload_too_large", `The body is larger than ${MOST_BODY_BYTES / 1024} KB.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_argument", "The body is no JSON.");
  }
}

function fail(response: ServerResponse, error: unknown): void {
  const { status, headers, body } = toErrorAnswer(error);
  if (!(error instanceof AppError)) log.error({ err: error }, "an agent was not answered");
  if (!response.destroyed) send(response, status, body, headers);
}

function send(response: ServerResponse, status: number, body: object, headers = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  response.end(text);
}
