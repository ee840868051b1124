import { createServer, type Server } from "node:http";
import { AgentError } from "../agent-error.ts";
import type { Tunnels } from "../tunnel/tunnels.ts";
import { version } from "../version.ts";
import type { Counters } from "./counters.ts";

export interface HealthOptions {
  listen: { host: string; port: number };
  counters: Counters;
  /** Null until it has joined. */
  tunnels: () => Tunnels | null;
  /** The certificate's end, milliseconds since 1970. */
  certificateEnds: () => number | null;
}

/** Answers `/healthz` (the process runs), `/readyz` (a gateway is connected) and `/metrics` (Prometheus' text). @throws AgentError. */
export async function serveHealth(options: HealthOptions): Promise<Server> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    const { status, text, type = "text/plain" } = answerTo(request.url ?? "", options);
    response.writeHead(status, { "Content-Type": `${type}; charset=utf-8` });
    response.end(text);
  });
  server.maxConnections = 64;
  const { host, port } = options.listen;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const message = `KUBEWITNESS_AGENT_LISTEN: cannot listen on ${host}:${port}: ${error.message}; takes another host:port`;
      reject(new AgentError(message, { final: true, cause: error }));
    });
    server.listen({ host, port }, resolve);
  });
  return server;
}

function answerTo(url: string, options: HealthOptions): { status: number; text: string; type?: string } {
  if (url === "/healthz") return { status: 200, text: "ok\n" };
  if (url === "/readyz") {
    const ready = (options.tunnels()?.state.connected.length ?? 0) > 0;
    return ready ? { status: 200, text: "ok\n" } : { status: 503, text: "not connected to the gateway\n" };
  }
  if (url === "/metrics") return { status: 200, text: metrics(options), type: "text/plain; version=0.0.4" };
  return { status: 404, text: "takes /healthz, /readyz or /metrics\n" };
}

function metrics({ counters, tunnels, certificateEnds }: HealthOptions): string {
  const { connected, missing } = tunnels()?.state ?? { connected: [], missing: [] };
  const metric = (name: string, type: string, help: string, samples: [string, number][]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
  const ends = certificateEnds();
  return [
    ...metric("kubewitness_agent_info", "gauge", "The agent's version.", [[`{version="${version}"}`, 1]]),
    ...metric("kubewitness_agent_hubs_connected", "gauge", "Gateways connected.", [["", connected.length]]),
    ...metric("kubewitness_agent_hubs_missing", "gauge", "Gateways known, not connected.", [
      ["", missing.length],
    ]),
    ...metric("kubewitness_agent_streams_open", "gauge", "Connections to the API server.", [
      ["", counters.open],
    ]),
    ...metric("kubewitness_agent_streams_total", "counter", "Connections to the API server opened.", [
      ["", counters.total],
    ]),
    ...metric(
      "kubewitness_agent_streams_refused_total",
      "counter",
      "Streams refused, by why.",
      [...counters.refusals].map(([problem, count]) => [`{problem="${problem}"}`, count]),
    ),
    ...metric(
      "kubewitness_agent_certificate_ends_seconds",
      "gauge",
      "When the agent's certificate ends, seconds since 1970.",
      ends === null ? [] : [["", Math.floor(ends / 1_000)]],
    ),
    "",
  ].join("\n");
}
