import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHead } from "../lib/gateway/request/client-request.ts";
import { log } from "../lib/log.ts";
import type { Responder } from "./listeners.ts";

/** Answers to whoever watches the process; all of them are public and say nothing of anybody. */
export interface HealthSources {
  /** Whether calls are taken: a full journal refuses them. PostgreSQL may be away, calls go on without it. */
  admission(): { admitted: true } | { admitted: false; reason: string };
  /** What is wrong though calls are taken, a sentence each. */
  troubles(): string[];
  /** The installation's authority, PEM; null where the administrator's certificate is served. */
  authority: string | null;
}

type Answer = { status: number; type: string; body: string };

/** Answers `/healthz`, `/readyz` and `/ca.crt`. */
export function createHealth(sources: HealthSources): Responder {
  const answers = new Map<string, () => Promise<Answer>>([
    ["/healthz", async () => text(200, "ok")],
    ["/readyz", async () => readiness(sources)],
    ["/ca.crt", async () => certificate(sources.authority)],
  ]);
  const find = (request: RequestHead) => answers.get(request.url?.split("?")[0] ?? "");
  return {
    owns: (request) => find(request) !== undefined,
    handleRequest(request, response) {
      void respond(request, response, find(request)!);
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<Answer>,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, text(405, "takes GET"));
  try {
    send(response, await answer());
  } catch (error) {
    log.error({ err: error, path: request.url }, "a health answer failed");
    send(response, text(500, "the answer failed; the log says why"));
  }
}

/** The first line says whether calls are taken; what else is wrong follows, a line each, for whoever looks. */
function readiness(sources: HealthSources): Answer {
  const admission = sources.admission();
  if (!admission.admitted) return text(503, [admission.reason, ...sources.troubles()].join("\n"));
  return text(200, ["ok", ...sources.troubles()].join("\n"));
}

function certificate(authority: string | null): Answer {
  if (authority === null) return text(404, "this installation serves a certificate of the administrator's");
  return { status: 200, type: "application/x-pem-file", body: authority };
}

function text(status: number, body: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${body}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" });
  response.end(body);
}
