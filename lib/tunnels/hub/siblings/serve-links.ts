import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log } from "../../../log.ts";
import type { AgentSession } from "../agent-session.ts";
import { DialError } from "../dial-error.ts";
import { CALLS_PATH, CallCounts, LINKS_PATH, PROBLEM_HEADER, type ToldLink } from "./told-links.ts";

/** The connections that are served: those of this process. */
export interface ServedSessions {
  sessions(): Iterable<AgentSession>;
  find(id: string): AgentSession | undefined;
  /** Calls `listener` when they change. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

/** Of what is told of calls. */
const MOST_BODY_BYTES = 1024 * 1024;

/** The server by which this replica's other processes use the agents that are connected to this one. To listen on a Unix socket. */
export function createLinksServer(served: ServedSessions): Server {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 5_000 });
  server.on("request", (request, response) => {
    if (request.method === "GET" && request.url === LINKS_PATH) tellLinks(served, response);
    else if (request.method === "POST" && request.url === CALLS_PATH) countCalls(served, request, response);
    else response.writeHead(404).end();
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    void join(served, request.url ?? "", socket);
  });
  return server;
}

function tellLinks(served: ServedSessions, response: ServerResponse): void {
  const tell = () => {
    const links = [...served.sessions()].map(
      ({ id, agent, credential, isDraining }): ToldLink => ({
        ...{ id, credential, isDraining },
        agent: { ...agent, tags: [...agent.tags] },
      }),
    );
    response.write(`${JSON.stringify(links)}\n`);
  };
  response.writeHead(200, { "Content-Type": "application/x-ndjson" });
  tell();
  response.once("close", served.onChange(tell));
}

function countCalls(served: ServedSessions, request: IncomingMessage, response: ServerResponse): void {
  let text = "";
  request.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (text.length > MOST_BODY_BYTES) request.destroy();
  });
  request.on("end", () => {
    for (const [id, calls] of Object.entries(CallCounts.parse(JSON.parse(text))))
      served.find(id)?.calls.add(calls);
    response.writeHead(204).end();
  });
}

/** Joins another process's connection with a stream to the API server of an agent. */
async function join(served: ServedSessions, id: string, socket: Duplex): Promise<void> {
  const left = new AbortController();
  const leave = () => left.abort(new Error("the other process left"));
  socket.once("close", leave);
  try {
    const session = served.find(id);
    if (session === undefined) throw DialError.lost("");
    const stream = await session.open(left.signal);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    socket.pipe(stream).pipe(socket);
    socket.once("close", () => stream.destroy());
    stream.once("close", () => (socket as Socket).destroySoon());
  } catch (error) {
    if (left.signal.aborted) return;
    if (!(error instanceof DialError))
      log.error({ err: error }, "a stream was not opened for another process");
    const { problem, code, message } = error instanceof DialError ? error : DialError.lost("");
    socket.end(
      `HTTP/1.1 502 Bad Gateway\r\n${PROBLEM_HEADER}: ${JSON.stringify({ problem, code, message })}\r\nConnection: close\r\n\r\n`,
    );
  }
}
